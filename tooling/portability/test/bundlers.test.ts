import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { bundlers } from '../src/bundlers.ts';

let project = '';
beforeEach(() => {
  project = mkdtempSync(join(tmpdir(), 'bundlers-'));
});
afterEach(() => rmSync(project, { recursive: true }));

/** Bundles a package with this source. */
async function bundle(bundler: string, source: string): Promise<void> {
  const folder = join(project, 'node_modules/it');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(project, 'package.json'), JSON.stringify({ name: 'project', type: 'module' }));
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'it', type: 'module', exports: './index.js' }));
  writeFileSync(join(folder, 'index.js'), source);
  writeFileSync(join(project, 'browser-entry.js'), "export * from 'it';\n");
  await bundlers[bundler]?.(project);
}

describe.each(Object.keys(bundlers))('%s', (bundler) => {
  test('bundles what a browser can run', async () => {
    await expect(bundle(bundler, 'export const a = () => crypto.randomUUID();')).resolves.toBeUndefined();
  });

  test('refuses a module of Node', async () => {
    const source = "import fs from 'node:fs'; export const a = fs.statSync;";
    await expect(bundle(bundler, source)).rejects.toThrow('node:fs');
  });

  test('refuses a global of Node', async () => {
    await expect(bundle(bundler, 'export const a = () => Buffer.alloc(1);')).rejects.toThrow('Buffer');
  });
});
