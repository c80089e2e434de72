import { mkdtempSync, rmSync, writeFileSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { weighBundle } from '../src/browser-bundle.ts';

let project = '';
beforeEach(() => {
  project = mkdtempSync(join(tmpdir(), 'bundle-'));
});
afterEach(() => rmSync(project, { recursive: true }));

/** Bundles a package with this source against a budget. */
function weigh(source: string, gzipBytes: number, names?: readonly string[]): Promise<string> {
  const folder = join(project, 'node_modules/it');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'it', type: 'module', exports: './index.js' }));
  writeFileSync(join(folder, 'index.js'), source);
  return weighBundle({ imports: ['it'], gzipBytes, ...(names && { names }) }, project);
}

test('a small bundle says what it weighs', async () => {
  await expect(weigh('export const a = 1;', 100)).resolves.toMatch(/^\d+ bytes minified, \d+ gzipped, budget 100$/);
});

test('a bundle above its budget is refused, with its largest files', async () => {
  await expect(weigh('export const a = 1;', 10)).rejects.toThrow('it/index.js');
});

test('a budget may be for some of the exports only', async () => {
  const source = "export const a = 1; export const b = 'as long as it takes to weigh more than what a weighs';";
  await expect(weigh(source, 60)).rejects.toThrow('budget 60');
  await expect(weigh(source, 60, ['a'])).resolves.toContain('budget 60');
});

test('a Node module is refused', async () => {
  await expect(weigh("import fs from 'node:fs'; export const a = fs.statSync;", 1000)).rejects.toThrow('node:fs');
});

test('a Node global is refused', async () => {
  await expect(weigh('export const a = () => Buffer.alloc(1);', 1000)).rejects.toThrow('Buffer');
});
