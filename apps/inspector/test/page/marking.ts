import { expect, test } from 'vitest';
import type { BuiltPage } from './browser.ts';
import { showConversation } from './shown-page.ts';

export function marking(built: () => BuiltPage): void {
  test('puts packets with comments into the rail and the filter, and they are there after loading the page again', async () => {
    const { page } = await showConversation(built());
    const { keyboard } = page;
    await keyboard.press('Home');
    await page.locator('.detail h2', { hasText: 'CONNECT #1' }).waitFor();
    await keyboard.press('m');
    await page.locator('.list-row[data-marked] .cell-number', { hasText: '⚑1' }).waitFor();
    await keyboard.press('j');
    await page.locator('.detail h2', { hasText: 'CONNACK #2' }).waitFor();
    await keyboard.press('M');
    await page.getByRole('dialog').waitFor();
    await keyboard.type('new session?');
    await keyboard.press('Enter');
    await page.locator('.mark-comment', { hasText: 'new session?' }).waitFor();
    expect(await page.locator('.mark').allTextContents()).toEqual(['⚑ 1', '⚑ 2new session?']);
    await page.getByRole('button', { name: 'Only these' }).click();
    await page.locator('.counts', { hasText: '2 of 29 packets' }).waitFor();
    expect(await page.locator('.filter input').inputValue()).toBe('is:marked');

    await page.reload();
    await page.locator('.counts', { hasText: '2 of 29 packets' }).waitFor();
    await page.locator('.mark', { hasText: '⚑ 1' }).click();
    await page.locator('.detail h2', { hasText: 'CONNECT #1' }).waitFor();
    await page.getByRole('button', { name: '⚑ Mark' }).click();
    await page.locator('.counts', { hasText: '1 of 29 packets' }).waitFor();
    expect(await page.locator('.mark').count()).toBe(1);
  });
}
