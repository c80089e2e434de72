import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { bundlePackage } from '../src/bundle-package.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'build-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function write(files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}

async function load(entry: string): Promise<Readonly<Record<string, unknown>>> {
  return (await import(pathToFileURL(join(folder, `dist/${entry}.js`)).href)) as Readonly<Record<string, unknown>>;
}

const manifest = JSON.stringify({
  type: 'module',
  imports: { '#platform': { node: './dist/node.js', default: './dist/web.js' } },
  publishConfig: { exports: { '.': './dist/index.js', './extra': './dist/extra.js' } },
});

test('a class that two entries export is one class, and the condition still chooses the platform', async () => {
  write({
    'package.json': manifest,
    'src/failure.ts': 'export class Failure extends Error {}',
    'src/index.ts': "export { Failure } from './failure.ts'; export { name } from '#platform';",
    'src/extra.ts': "export { Failure } from './failure.ts';",
    'src/node.ts': "export const name: string = 'node';",
    'src/web.ts': "export const name: string = 'web';",
  });
  await bundlePackage(folder);
  const index = await load('index');
  expect(index['Failure']).toBe((await load('extra'))['Failure']);
  expect(index['Failure']).toBeTypeOf('function');
  expect(index['name']).toBe('node');
});

test('what an entry consists of is in its file, other packages stay outside, and a source map tells where it was', async () => {
  write({
    'package.json': manifest,
    'src/index.ts':
      "import { thing } from '@elsewhere/thing'; import { part } from './part.ts'; export const all = [thing, part];",
    'src/part.ts': "export const part = 'a part';",
    'src/extra.ts': 'export {};',
    'src/node.ts': 'export {};',
    'src/web.ts': 'export {};',
  });
  await bundlePackage(folder);
  const code = readFileSync(join(folder, 'dist/index.js'), 'utf8');
  expect(code).toContain('a part');
  expect(code).toContain('from "@elsewhere/thing"');
  const map = JSON.parse(readFileSync(join(folder, 'dist/index.js.map'), 'utf8')) as { sources: string[] };
  expect(map.sources.toSorted()).toEqual(['../src/index.ts', '../src/part.ts']);
  expect(readdirSync(join(folder, 'dist')).filter((name) => name.endsWith('.js'))).toHaveLength(4);
});

test('an entry without a source is an error', async () => {
  write({ 'package.json': manifest });
  await expect(bundlePackage(folder)).rejects.toThrow('src/index.ts');
});

test('what `imports` chooses is one file with all that it needs', async () => {
  write({
    'package.json': manifest,
    'src/index.ts': "export { name } from '#platform';",
    'src/extra.ts': 'export {};',
    'src/text.ts': "export const text = 'a text';",
    'src/node.ts': "import { text } from './text.ts'; export const name: string = text;",
    'src/web.ts': "import { text } from './text.ts'; export const name: string = text;",
  });
  await bundlePackage(folder);
  expect((await load('index'))['name']).toBe('a text');
  expect(
    readdirSync(join(folder, 'dist'))
      .filter((name) => !name.endsWith('.map'))
      .toSorted(),
  ).toEqual(['extra.js', 'index.js', 'node.js', 'web.js']);
});

test('what would exist twice, in an entry and in what `imports` chooses, is an error', async () => {
  write({
    'package.json': manifest,
    'src/failure.ts': 'export class Failure extends Error {}',
    'src/index.ts': "export { Failure } from './failure.ts';",
    'src/extra.ts': 'export {};',
    'src/node.ts': "import { Failure } from './failure.ts'; export const name = new Failure();",
    'src/web.ts': 'export {};',
  });
  await expect(bundlePackage(folder)).rejects.toThrow('src/failure.ts');
});

test('a program is an entry too, starts with its first line, and loads what it needs later', async () => {
  write({
    'package.json': JSON.stringify({ type: 'module', bin: { tool: './dist/bin.js' } }),
    'src/bin.ts': "#!/usr/bin/env node\nexport const later: Promise<{ part: string }> = import('./part.ts');",
    'src/part.ts': "export const part = 'a part';",
  });
  await bundlePackage(folder);
  const code = readFileSync(join(folder, 'dist/bin.js'), 'utf8');
  expect(code.startsWith('#!/usr/bin/env node\n')).toBe(true);
  expect(code).not.toContain('a part');
  expect(await (await load('bin'))['later']).toMatchObject({ part: 'a part' });
});
