import type { Page } from 'playwright-core';
import { expect, onTestFinished, test } from 'vitest';
import { leavePage, openPage, type BuiltPage } from './browser.ts';
import { madeUpList } from './made-up-list.ts';
import { startPageServer } from './page-server.ts';

async function showRows(built: BuiltPage, count: number): Promise<Page> {
  const server = await startPageServer(built.folder, madeUpList(count));
  const { page } = await openPage(built.reader, server.url);
  onTestFinished(async () => {
    await leavePage(page);
    server.close();
  });
  await page.locator('.cell-summary', { hasText: `row at ${count - 1}` }).waitFor();
  return page;
}

export function longLists(built: () => BuiltPage): void {
  test.for([100_000, 1_000_000])('of %i rows show their ends, any row between, and few elements', async (count) => {
    const page = await showRows(built(), count);
    const grid = page.locator('[role=grid]');
    expect(await grid.getAttribute('aria-rowcount')).toBe(String(count + 1));
    expect(await page.locator('.list-row').count()).toBeLessThan(60);
    await page.keyboard.press('Home');
    await page.locator('.cell-summary', { hasText: /^row at 0$/ }).waitFor();
    await page.keyboard.press('End');
    await page.locator('.cell-summary', { hasText: `row at ${count - 1}` }).waitFor();

    // The bar in its middle is the middle of the list, also when it stands for more than it measures.
    await grid.evaluate((element) => {
      element.scrollTop = (element.scrollHeight - element.clientHeight) / 2;
    });
    await page.locator('.cell-summary', { hasText: new RegExp(`^row at ${count / 2}$`) }).waitFor();
    const shown = await page.locator('.list-layer > .list-row:not([hidden]) > .cell-number').allTextContents();
    expect(shown.map(Number)).toEqual(Array.from(shown, (_, index) => Number(shown[0]) + index));
    await page.mouse.move(500, 300);
    await page.mouse.wheel(0, 240);
    await page.locator('.cell-summary', { hasText: new RegExp(`^row at ${count / 2 + 20}$`) }).waitFor();
  });
}
