import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import type { BuiltPage } from './browser.ts';
import { showConversation } from './shown-page.ts';

/**
 * What `@omqtt/inspector` promises: all that the page loads, with payloads, copying, saving and saved filters, which come
 * when they are wanted first. Without the reader of dropped files, which is the decoder and the lint once more.
 */
const BUDGET_BYTES = 60_000;
/** Of it, until the page shows packets and answers to keys. */
const START_BUDGET_BYTES = 50_000;

function gzippedSum(folder: string, paths: Iterable<string>): number {
  return Array.from(paths, (path) => gzipSync(readFileSync(join(folder, path)), { level: 9 }).length).reduce(
    (sum, each) => sum + each,
    0,
  );
}

export function weight(built: () => BuiltPage): void {
  test(`weighs no more than ${START_BUDGET_BYTES} bytes, gzipped, at its start, and ${BUDGET_BYTES} with what comes later`, async () => {
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
    expect(gzippedSum(folder, atStart)).toBeGreaterThan(30_000);
    expect(gzippedSum(folder, atStart)).toBeLessThanOrEqual(START_BUDGET_BYTES);
    expect(gzippedSum(folder, [...atStart, ...later])).toBeLessThanOrEqual(BUDGET_BYTES);
  });

  test('loads nothing from anywhere else', () => {
    const { folder } = built();
    const all = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) => /\.\w+$/.test(path));
    const text = all.map((path) => readFileSync(join(folder, path), 'utf8')).join('');
    expect(text.match(/(?:src|href)="(?!\.\/)[^"]*"/g)).toBeNull();
  });
}
