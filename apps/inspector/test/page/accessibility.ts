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
async function violations(page: Page, which: 'all' | 'colours' = 'all'): Promise<string[]> {
  const found: string[] = [];
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    const isOfColours = colorScheme === 'dark' || which === 'colours';
    const options: RunOptions = {
      resultTypes: ['violations'],
      ...(isOfColours && { runOnly: { type: 'rule', values: ['color-contrast'] } }),
    };
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
    await page.locator('.cell-answer', { hasText: 'PUBACK +' }).first().waitFor();
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

  test('finds nothing in coloured rows, saved filters and the rail of a small screen in either theme', async () => {
    const { page } = await showConversation(built());
    const types = { red: 'connack', amber: 'suback', green: 'puback', blue: 'publish', violet: 'pingreq' };
    const savedFilters = Object.entries(types).map(([colour, type]) => ({
      name: type,
      filter: `type:${type}`,
      colour,
    }));
    await page.evaluate((kept) => localStorage.setItem('omqtt-inspector', kept), JSON.stringify({ savedFilters }));
    await page.reload();
    for (const colour of Object.keys(types)) await page.locator(`.list-row[data-colour=${colour}]`).first().waitFor();
    await page.evaluate(axeSource);
    expect({ where: 'colours', found: await violations(page, 'colours') }).toEqual({ where: 'colours', found: [] });
    await page.keyboard.press('s');
    await page.getByRole('dialog').waitFor();
    expect({ where: 'saved', found: await violations(page) }).toEqual({ where: 'saved', found: [] });
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    await page.setViewportSize({ width: 600, height: 700 });
    await page.getByRole('button', { name: '☰ Connections' }).click();
    await page.locator('.connection', { hasText: 'dev-2' }).waitFor();
    expect({ where: 'rail', found: await violations(page) }).toEqual({ where: 'rail', found: [] });
  });
}
