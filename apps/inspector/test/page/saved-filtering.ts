import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import type { BuiltPage } from './browser.ts';
import { showConversation } from './shown-page.ts';

async function save(page: Page, filter: string, name: string): Promise<void> {
  await page.getByRole('combobox', { name: 'Filter', exact: true }).fill(filter);
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Saved filters' }).click();
  await page.getByRole('textbox', { name: 'Name of the filter' }).fill(name);
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name, exact: true }).waitFor();
}

export function savedFiltering(built: () => BuiltPage): void {
  test('filters are kept with their names, colour what they let through, and are there after loading the page again', async () => {
    const { page } = await showConversation(built());
    await save(page, 'payload.json.temp>=27', 'hot');
    await page.getByRole('combobox', { name: 'Colour of hot' }).selectOption('red');
    await page.getByRole('button', { name: 'Close', exact: true }).click();
    await page.locator('.counts', { hasText: '3 of 29 packets' }).waitFor();
    await page.getByRole('button', { name: 'Clear the filter' }).click();
    await page.locator('.counts', { hasText: /^29 packets/ }).waitFor();
    const red = page.locator('.list-row:not([hidden])[data-colour=red]');
    await page.waitForFunction(() => document.querySelectorAll('.list-row[data-colour=red]').length === 3);
    expect(await red.locator('.cell-type').allTextContents()).toEqual(['PUBLISH', 'PUBLISH', 'PUBLISH']);
    expect(await red.first().getAttribute('title')).toBe('hot');

    await page.reload();
    await page.waitForFunction(() => document.querySelectorAll('.list-row[data-colour=red]').length === 3);
    await page.getByRole('button', { name: 'Saved filters' }).click();
    await page.getByRole('button', { name: 'hot', exact: true }).click();
    await page.locator('.counts', { hasText: '3 of 29 packets' }).waitFor();
    await page.getByRole('button', { name: 'Saved filters' }).click();
    await page.getByRole('button', { name: 'Forget hot' }).click();
    await page.getByText('None yet.').waitFor();
    await page.waitForFunction(() => document.querySelectorAll('.list-row[data-colour]').length === 0);
  });

  test('counts are said every five seconds at most, and only to whoever asks for it', async () => {
    const { page } = await showConversation(built());
    const said = page.locator('.unseen[aria-live]');
    await page.getByRole('combobox', { name: 'Filter', exact: true }).fill('type:puback');
    await page.locator('.counts', { hasText: '10 of 29 packets' }).waitFor();
    expect(await said.textContent()).toBe('');
    await page.getByRole('button', { name: '? Help' }).click();
    await page.getByRole('checkbox', { name: 'Say counts' }).check();
    await page.getByRole('button', { name: 'Close', exact: true }).click();
    await page.getByRole('button', { name: 'Clear the filter' }).click();
    await said.filter({ hasText: '29 packets' }).waitFor({ state: 'attached' });
  });
}
