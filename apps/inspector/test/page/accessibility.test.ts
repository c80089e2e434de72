import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildPage, chromiumPeer, type BuiltPage } from './browser.ts';
import { showTraffic } from './shown-page.ts';
import { conversation } from './traffic.ts';

const axeSource = readFileSync(fileURLToPath(import.meta.resolve('axe-core')), 'utf8');

/** What axe has to say, shortened to what a reader needs for finding it. */
async function violations(page: Page): Promise<string[]> {
  const results = await page.evaluate(async () => {
    const { axe } = globalThis as unknown as { readonly axe: { run(): Promise<AxeResults> } };
    return axe.run();
  });
  return results.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' ')}`);
}

let built: BuiltPage;

describe.skipIf(chromiumPeer.isMissing)('axe', { timeout: 60_000 }, () => {
  beforeAll(async () => {
    built = await buildPage();
  }, 30_000);

  afterAll(() => built.close());

  test.for(['light', 'dark'] as const)('finds nothing in any view, theme %s', async (colorScheme) => {
    const { page } = await showTraffic(built, conversation());
    await page.emulateMedia({ colorScheme });
    await page.evaluate(axeSource);
    await page.keyboard.press('n');
    await page.locator('.finding').waitFor();
    await page.locator('[role=treeitem]', { hasText: 'topic' }).first().click();
    expect({ where: 'detail', violations: await violations(page) }).toEqual({ where: 'detail', violations: [] });
    await page.getByRole('tab', { name: 'Session' }).click();
    await page.locator('.facts').waitFor();
    await page.keyboard.press('3');
    await page.locator('td', { hasText: 'PUBACK' }).waitFor();
    expect({ where: 'statistics', violations: await violations(page) }).toEqual({
      where: 'statistics',
      violations: [],
    });
    await page.getByRole('tab', { name: 'Exchange' }).click();
    await page.keyboard.press('2');
    await page.locator('td', { hasText: 'plant/' }).first().waitFor();
    await page.locator('.filter input').pressSequentially('q');
    await page.getByRole('option').first().waitFor();
    await page.locator('.filter input').pressSequentially('os>');
    await page.locator('.problem code').waitFor();
    expect({ where: 'filter', violations: await violations(page) }).toEqual({ where: 'filter', violations: [] });
    await page.getByRole('button', { name: 'Help' }).click();
    expect({ where: 'help', violations: await violations(page) }).toEqual({ where: 'help', violations: [] });
  });
});
