import { join } from 'node:path';
import { build } from 'esbuild';
import { expect, test } from 'vitest';
import * as byName from '@omqtt/transport-ws';
import * as ofNode from '../src/node/index.ts';
import * as ofPlatform from '../src/platform/index.ts';

const packageFolder = join(import.meta.dirname, '..');

interface Bundle {
  readonly code: string;
  readonly inputs: readonly string[];
}

/** What a bundler makes of an import by name, with the conditions of a runtime. */
async function bundle(conditions: readonly string[], platform: 'browser' | 'node' | 'neutral'): Promise<Bundle> {
  const { outputFiles, metafile } = await build({
    stdin: { contents: "export * from '@omqtt/transport-ws';", resolveDir: packageFolder },
    bundle: true,
    write: false,
    metafile: true,
    minify: true,
    format: 'esm',
    platform,
    conditions: ['@omqtt/source', ...conditions],
    logLevel: 'silent',
  });
  return { code: outputFiles.map(({ text }) => text).join(''), inputs: Object.keys(metafile.inputs) };
}

test('both sides export the same names [parity P13]', () => {
  expect(Object.keys(ofPlatform).toSorted()).toEqual(Object.keys(ofNode).toSorted());
});

test('a bundle for browsers has neither ws nor anything of Node in it', async () => {
  const { code, inputs } = await bundle([], 'browser');
  expect(inputs.filter((path) => path.includes('node_modules') || path.includes('src/node/'))).toEqual([]);
  expect(code).not.toMatch(/node:|\bBuffer\b|\bprocess\b|\brequire\b/);
});

test.each([
  { runtime: 'Bun', conditions: ['bun', 'node'] },
  { runtime: 'Deno', conditions: ['deno', 'node'] },
  { runtime: 'Workers', conditions: ['workerd', 'worker', 'browser'] },
  { runtime: 'a runtime without a name', conditions: [] },
])('$runtime gets the WebSocket of the platform', async ({ conditions }) => {
  const { inputs } = await bundle(conditions, 'neutral');
  expect(inputs.some((path) => path.endsWith('src/platform/index.ts'))).toBe(true);
  expect(inputs.some((path) => path.includes('src/node/'))).toBe(false);
});

test('Node gets ws', async () => {
  const { inputs } = await bundle([], 'node');
  expect(inputs.some((path) => path.endsWith('src/node/index.ts'))).toBe(true);
  expect(inputs.some((path) => path.includes('src/platform/'))).toBe(false);
});

test('tests that import the package by its name get what Node gets', () => {
  expect(byName.webSocket).toBe(ofNode.webSocket);
});
