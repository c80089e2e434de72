import { expect, test } from 'vitest';
import type { BuiltPage } from './browser.ts';
import { showConversation } from './shown-page.ts';

export function keyboardOnly(built: () => BuiltPage): void {
  test('leads from the list through fields, bytes, filter, views and dialogs, and back', async () => {
    const { page } = await showConversation(built());
    const { keyboard } = page;
    await keyboard.press('Home');
    await page.locator('.detail h2', { hasText: 'CONNECT #1' }).waitFor();
    await keyboard.press('j');
    await page.locator('.detail h2', { hasText: 'CONNACK #2' }).waitFor();
    await keyboard.press('End');
    await page.locator('.detail h2', { hasText: 'PINGRESP #29' }).waitFor();
    await keyboard.press('k');
    await page.locator('.detail h2', { hasText: 'PINGREQ #28' }).waitFor();

    await keyboard.press('Enter');
    await keyboard.press('ArrowDown');
    await page.locator('[role=treeitem][aria-selected=true]').waitFor();
    expect(await page.locator('.byte.marked').count()).toBeGreaterThan(0);
    await keyboard.press(']');
    await keyboard.press('ArrowRight');
    expect(await page.locator('.hex').evaluate((hex) => hex === document.activeElement)).toBe(true);
    await keyboard.press('Escape');
    expect(await page.locator('[role=grid]').evaluate((grid) => grid === document.activeElement)).toBe(true);

    await keyboard.press('/');
    await keyboard.type('type:puback');
    await keyboard.press('Enter');
    await page.locator('.counts', { hasText: '10 of 29 packets' }).waitFor();
    await keyboard.press('Escape');
    await keyboard.press('3');
    await page.getByRole('region', { name: 'Topics' }).waitFor();
    await keyboard.press('1');
    await keyboard.press('?');
    await page.getByRole('dialog').waitFor();
    await keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    await keyboard.press(' ');
    await page.locator('.status', { hasText: 'Paused' }).waitFor();
    await keyboard.press(' ');
    await page.locator('.status', { hasText: 'Live' }).waitFor();
  });

  test('a key typed in the moment in which a dialog closes is not lost', async () => {
    const { page } = await showConversation(built());
    await page.keyboard.press('?');
    await page.getByRole('checkbox', { name: 'Keys of one letter' }).evaluate((box) => {
      box.closest('dialog')?.close();
      // It has the focus until the next frame, though nobody sees it any more.
      box.dispatchEvent(new KeyboardEvent('keydown', { key: ' ', bubbles: true, cancelable: true }));
    });
    await page.locator('.status', { hasText: 'Paused' }).waitFor();
    expect(await page.getByRole('dialog').isVisible()).toBe(false);
  });

  test('keys of one letter can be switched off', async () => {
    const { page } = await showConversation(built());
    await page.keyboard.press('?');
    await page.getByRole('checkbox', { name: 'Keys of one letter' }).uncheck();
    await page.keyboard.press('Escape');
    await page.keyboard.press('3');
    await page.keyboard.press('Home');
    await page.locator('.detail h2', { hasText: 'CONNECT #1' }).waitFor();
    expect(await page.getByRole('region', { name: 'Topics' }).isVisible()).toBe(false);
  });
}
