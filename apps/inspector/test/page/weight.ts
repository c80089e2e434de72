import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import type { BuiltPage } from './browser.ts';

/** What `@omqtt/inspector` promises, all of the page but the reader of dropped files, which is loaded with the first one. */
const BUDGET_BYTES = 60_000;

export function weight(built: () => BuiltPage): void {
  test(`weighs no more than ${BUDGET_BYTES} bytes, gzipped, and loads nothing from anywhere else`, () => {
    const files = readdirSync(built().folder, { recursive: true, encoding: 'utf8' }).filter((path) =>
      /\.\w+$/.test(path),
    );
    const loaded = files.filter((path) => !path.includes('file-worker'));
    const bytes = loaded.map((path) => gzipSync(readFileSync(join(built().folder, path)), { level: 9 }).length);
    expect(bytes.reduce((sum, each) => sum + each, 0)).toBeLessThanOrEqual(BUDGET_BYTES);
    const text = loaded.map((path) => readFileSync(join(built().folder, path), 'utf8')).join('');
    expect(text.match(/(?:src|href)="(?!\.\/)[^"]*"/g)).toBeNull();
  });
}
