import { expect, test } from 'vitest';
import type { BuiltPage } from './browser.ts';
import { showConversation, showTraffic } from './shown-page.ts';
import { Traffic } from './traffic.ts';

export function overviews(built: () => BuiltPage): void {
  test('topics are a tree with sums, whose branches close and filter', async () => {
    const { page } = await showConversation(built());
    await page.keyboard.press('3');
    const line = page.locator('.table-view tbody tr');
    await line.filter({ hasText: 'plant/' }).first().waitFor();
    expect(await line.first().locator('td').nth(1).textContent()).toBe('10');
    expect((await line.locator('.topic-name').allTextContents()).slice(0, 4)).toEqual([
      '▾plant/',
      '2/temp',
      '0/temp',
      '1/temp',
    ]);
    const twist = page.getByRole('button', { name: 'What is below plant/' });
    await twist.focus();
    await page.keyboard.press('Enter');
    await line.filter({ hasText: '2/temp' }).waitFor({ state: 'detached' });
    expect(await twist.getAttribute('aria-expanded')).toBe('false');
    expect(await twist.evaluate((element) => element === document.activeElement)).toBe(true);
    await line.getByRole('button', { name: 'plant/', exact: true }).click();
    await page.locator('.counts', { hasText: '10 of 29 packets' }).waitFor();
    expect(await page.locator('.filter input').inputValue()).toBe('topic:"plant/#"');
  });

  test('the rail has the first levels of topics, and the statistics have the clients: both filter', async () => {
    const { page } = await showConversation(built());
    const topic = page.locator('.rail').getByRole('button', { name: /^plant\/ [\d.]+(?:\/s| messages)$/ });
    await topic.click();
    await page.locator('.counts', { hasText: '10 of 29 packets' }).waitFor();
    await page.locator('.rule[aria-pressed=true]', { hasText: 'plant/' }).click();
    await page.locator('.counts', { hasText: /^29 packets/ }).waitFor();
    await page.getByRole('button', { name: 'Statistics' }).click();
    const client = page.locator('.table-view tr', { has: page.getByRole('button', { name: 'dev-2', exact: true }) });
    expect((await client.locator('td').allTextContents()).map((text) => text.trim())).toEqual([
      'dev-2',
      '2',
      '1',
      '1',
      expect.stringMatching(/^\d+ B$/) as string,
      '1',
    ]);
    await client.getByRole('button').click();
    await page.locator('.counts', { hasText: '3 of 29 packets' }).waitFor();
  });

  test('a failure comes with what to do about it, and the session tells how near its keep alive is', async () => {
    const traffic = new Traffic();
    traffic.connect('tcp-1', 'dev-1');
    traffic.say('tcp-1', 's2c', { type: 'disconnect', reasonCode: 0x8e });
    const { page } = await showTraffic(built(), traffic);
    await page.keyboard.press('End');
    const advice = page.getByRole('list', { name: 'What to do' });
    await advice.waitFor();
    expect(await advice.textContent()).toBe(
      'Session taken over (0x8e): give each client an id of its own: another one connected with this one',
    );
    await page.getByRole('tab', { name: 'Session' }).click();
    await page.locator('.facts dd', { hasText: /^60 s, silent for [\d.]+m?s/ }).waitFor();
    await page.locator('.list-row[data-direction]', { hasText: 'CONNECT' }).first().click();
    await page.locator('.detail h2', { hasText: 'CONNECT #1' }).waitFor();
    await page.getByRole('tab', { name: 'Fields' }).click();
    await advice.waitFor({ state: 'detached' });
  });

  test('a link leads to the part of the time that was zoomed to', async () => {
    const { page } = await showConversation(built(), '&zoom=1767268800-1767268830');
    const whole = page.getByRole('button', { name: 'Whole timeline' });
    await whole.waitFor();
    expect(new URL(page.url()).hash).toBe('#zoom=1767268800-1767268830');
    await whole.click();
    await page.waitForFunction(() => location.hash === '');
    expect(await whole.isVisible()).toBe(false);
  });
}
