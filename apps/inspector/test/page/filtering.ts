import type { Page } from 'playwright-core';
import { expect, onTestFinished, test } from 'vitest';
import { leavePage, openPage, type BuiltPage } from './browser.ts';
import { startPageServer } from './page-server.ts';
import { showConversation } from './shown-page.ts';

/** All that was typed has been answered when there are no more than these. */
async function options(page: Page, count: number): Promise<void> {
  await page.waitForFunction(
    (wanted) => document.querySelectorAll('[role=listbox]:not([aria-busy]) > [role=option]').length === wanted,
    count,
  );
}

export function filtering(built: () => BuiltPage): void {
  test('completes fields and values, and shows only what fulfils the filter', async () => {
    const { page } = await showConversation(built());
    const input = page.getByRole('combobox', { name: 'Filter' });
    await input.pressSequentially('ty');
    await options(page, 1);
    await input.press('ArrowDown');
    await input.press('Enter');
    // What fits the first three letters fits the first two as well, and would not show whether all is answered.
    await input.pressSequentially('suba');
    await options(page, 1);
    await input.press('ArrowDown');
    await input.press('Tab');
    expect(await input.inputValue()).toBe('type:suback');
    await input.press('Escape');
    await page.locator('.counts', { hasText: '1 of 29 packets' }).waitFor();
    expect(new URL(page.url()).hash).toContain('filter=type%3Asu');
  });

  test('what is offered for another text than is there by now cannot be taken', async () => {
    const server = await startPageServer(built().folder, (send) => {
      send({ type: 'hello', protocol: 1, version: '0', routes: [], now: 0 });
      return {
        receive: (message) => {
          // A server that has much to do: it answers the first question only.
          if (message.type !== 'complete' || message.text !== 'ty') return;
          const answer = { start: 0, end: 2, options: [{ text: 'type:', summary: 'of the packet' }] };
          send({ type: 'completed', request: message.request, problems: [], ...answer });
        },
      };
    });
    const { page } = await openPage(built().reader, server.url);
    onTestFinished(async () => {
      await leavePage(page);
      server.close();
    });
    const input = page.getByRole('combobox', { name: 'Filter' });
    await input.fill('ty');
    await options(page, 1);
    await input.pressSequentially('pe:su');
    await input.press('ArrowDown');
    await input.press('Tab');
    expect(await input.inputValue()).toBe('type:su');
  });

  test('marks what is wrong with a filter at its place, and keeps the list', async () => {
    const { page } = await showConversation(built());
    await page.getByRole('combobox', { name: 'Filter' }).pressSequentially('qos>=1 colour:red');
    const mark = page.locator('.problem mark');
    await mark.waitFor();
    expect(await mark.textContent()).toContain('colour');
    expect(await page.locator('.filter input').getAttribute('aria-invalid')).toBe('true');
    expect(await page.locator('.counts').textContent()).toMatch(/^\d+( of 29)? packets$/);
  });

  test('filters what is there while the list is paused', async () => {
    const { page } = await showConversation(built());
    await page.keyboard.press(' ');
    await page.locator('.status', { hasText: 'Paused' }).waitFor();
    await page.getByRole('combobox', { name: 'Filter', exact: true }).fill('type:puback');
    await page.locator('.counts', { hasText: '10 of 29 packets' }).waitFor();
    await page.locator('.list-row:not([hidden])', { hasText: 'PUBACK' }).first().waitFor();
    expect(await page.locator('.list-row:not([hidden])', { hasText: 'CONNECT' }).count()).toBe(0);
  });

  test('jumps from a packet to the one that it is paired with, and back', async () => {
    const { page } = await showConversation(built());
    await page.locator('.list-row[data-direction=c2s]', { hasText: 'plant/1/temp' }).first().click();
    await page.locator('.detail h2', { hasText: 'PUBLISH #' }).waitFor();
    const publish = await page.locator('.detail h2').textContent();
    await page.keyboard.press('p');
    await page.locator('.detail h2', { hasText: 'PUBACK #' }).waitFor();
    expect(await page.locator('.list-row[aria-selected=true] .cell-type').textContent()).toBe('PUBACK');
    await page.keyboard.press('p');
    await page.locator('.detail h2', { hasText: 'PUBLISH #' }).waitFor();
    expect(await page.locator('.detail h2').textContent()).toBe(publish);
    await page.getByRole('tab', { name: 'Exchange' }).click();
    expect(await page.locator('.exchange').textContent()).toMatch(/✓ done in \d/);
  });

  test('filters by a field of the packet, and by a connection of the rail', async () => {
    const { page } = await showConversation(built());
    await page.locator('.list-row', { hasText: 'plant/1/temp' }).first().click();
    await page.locator('[role=treeitem]', { hasText: /^·topic"plant/ }).click();
    await page.keyboard.press('f');
    await page.locator('.counts', { hasText: /^3 of 29 packets$/ }).waitFor();
    expect(await page.locator('.filter input').inputValue()).toBe('topic="plant/1/temp"');
    await page
      .getByRole('button', { name: /^● ?dev-1|dev-1/ })
      .first()
      .click();
    await page.locator('.counts', { hasText: /^26 of 29 packets$/ }).waitFor();
  });
}
