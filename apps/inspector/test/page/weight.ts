import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import type { BuiltPage } from './browser.ts';
import { showConversation } from './shown-page.ts';

/** What `@omqtt/inspector` promises: all that is loaded until the page shows packets and answers to keys. */
const BUDGET_BYTES = 60_000;
/** Payloads, copying, saving, saved filters: each comes when it is wanted first. Without the reader of dropped files. */
const LATER_BUDGET_BYTES = 12_000;

function gzippedSum(folder: string, paths: Iterable<string>): number {
  return Array.from(paths, (path) => gzipSync(readFileSync(join(folder, path)), { level: 9 }).length).reduce(
    (sum, each) => sum + each,
    0,
  );
}

export function weight(built: () => BuiltPage): void {
  test(`weighs no more than ${BUDGET_BYTES} bytes, gzipped, until something rare is wanted`, async () => {
    const { folder } = built();
    const { page } = await showConversation(built());
    await page.keyboard.press('Home');
    await page.locator('.hex-line').first().waitFor();
    const urls = await page.evaluate(() => performance.getEntriesByType('resource').map(({ name }) => name));
    const first = new Set(
      urls.map((url) => new URL(url).pathname.slice(1)).filter((path) => path.startsWith('assets/')),
    );
    // Chromium loads the icon of a tab without telling the page.
    const atStart = new Set(['index.html', ...first]);
    const all = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) => /\.\w+$/.test(path));
    const later = all.filter((path) => !atStart.has(path) && !path.includes('file-worker'));
    expect(gzippedSum(folder, atStart)).toBeGreaterThan(40_000);
    expect(gzippedSum(folder, atStart)).toBeLessThanOrEqual(BUDGET_BYTES);
    expect(gzippedSum(folder, later)).toBeLessThanOrEqual(LATER_BUDGET_BYTES);
  });

  test('loads nothing from anywhere else', () => {
    const { folder } = built();
    const all = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) => /\.\w+$/.test(path));
    const text = all.map((path) => readFileSync(join(folder, path), 'utf8')).join('');
    expect(text.match(/(?:src|href)="(?!\.\/)[^"]*"/g)).toBeNull();
  });
}
