import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { AxeResults, RunOptions } from 'axe-core';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import type { BuiltPage } from './browser.ts';
import { showConversation } from './shown-page.ts';

const axeSource = readFileSync(fileURLToPath(import.meta.resolve('axe-core')), 'utf8');

type WithAxe = typeof globalThis & { readonly axe: { run(options: RunOptions): Promise<AxeResults> } };

/** What axe has to say, shortened to what a reader needs for finding it: all its rules, then in the dark those of colours. */
async function violations(page: Page): Promise<string[]> {
  const found: string[] = [];
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    const options: RunOptions = colorScheme === 'dark' ? { runOnly: { type: 'rule', values: ['color-contrast'] } } : {};
    const results = await page.evaluate(async (asked) => (globalThis as WithAxe).axe.run(asked), options);
    for (const { id, nodes } of results.violations) {
      found.push(`${colorScheme} ${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' ')}`);
    }
  }
  return found;
}

export function accessibility(built: () => BuiltPage): void {
  test('finds nothing in any view of either theme', async () => {
    const { page } = await showConversation(built());
    await page.evaluate(axeSource);
    await page.keyboard.press('n');
    await page.locator('.finding').waitFor();
    await page.locator('[role=treeitem]', { hasText: 'topic' }).first().click();
    expect({ where: 'detail', found: await violations(page) }).toEqual({ where: 'detail', found: [] });
    await page.getByRole('tab', { name: 'Session' }).click();
    await page.locator('.facts').waitFor();
    await page.keyboard.press('4');
    await page.locator('td', { hasText: 'PUBACK' }).waitFor();
    expect({ where: 'statistics', found: await violations(page) }).toEqual({ where: 'statistics', found: [] });
    await page.getByRole('tab', { name: 'Exchange' }).click();
    await page.keyboard.press('3');
    await page.locator('td', { hasText: 'plant/' }).first().waitFor();
    await page.locator('.filter input').pressSequentially('q');
    await page.getByRole('option').first().waitFor();
    expect({ where: 'topics', found: await violations(page) }).toEqual({ where: 'topics', found: [] });
    await page.locator('.filter input').pressSequentially('os>');
    await page.locator('.problem code').waitFor();
    await page.getByRole('button', { name: 'Help' }).click();
    expect({ where: 'help', found: await violations(page) }).toEqual({ where: 'help', found: [] });
  });

  test('finds nothing in the exchanges, marks and dialogs of either theme', async () => {
    const { page } = await showConversation(built());
    await page.evaluate(axeSource);
    await page.keyboard.press('2');
    await page.locator('.cell-steps', { hasText: 'PUBACK +' }).first().waitFor();
    await page.keyboard.press('Home');
    await page.locator('.exchange').waitFor();
    await page.keyboard.press('m');
    await page.locator('.mark').waitFor();
    expect({ where: 'exchanges', found: await violations(page) }).toEqual({ where: 'exchanges', found: [] });
    await page.keyboard.press('M');
    await page.getByRole('dialog').waitFor();
    await page.keyboard.type('why?');
    expect({ where: 'comment', found: await violations(page) }).toEqual({ where: 'comment', found: [] });
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    await page.keyboard.press('c');
    await page.getByRole('dialog').waitFor();
    expect({ where: 'copy', found: await violations(page) }).toEqual({ where: 'copy', found: [] });
  });
}
