import { describe, expect, test } from 'vitest';
import { findBoundaryProblems } from '../src/boundaries.ts';
import { inWorkspace, type Files } from './temporary-workspace.ts';

function problemsOf(files: Files): string[] {
  return inWorkspace(files, findBoundaryProblems);
}

/** A workspace with one package of one source file. */
function problemsOfSource(name: string, text: string, dependencies: Readonly<Record<string, string>> = {}): string[] {
  return problemsOf({ 'packages/it/package.json': { name, dependencies }, 'packages/it/src/index.ts': text });
}

describe('what is allowed', () => {
  test('a pure package with relative imports has no problem', () => {
    const text = "import { a } from './a.ts';\nexport { b } from './deep/b.ts';\nexport const c: number = a;";
    expect(problemsOfSource('@omqtt/codec', text)).toEqual([]);
  });

  test('a package may import what its row names and its manifest lists', () => {
    const text = "import { encode } from '@omqtt/codec';\nexport const a: unknown = encode;";
    expect(problemsOfSource('@omqtt/core', text, { '@omqtt/codec': 'workspace:*' })).toEqual([]);
  });

  test('a transport may use Node and a dependency of its own', () => {
    const text = "import net from 'node:net';\nimport ws from 'ws';\nexport const a: unknown = [net, ws, Buffer];";
    expect(problemsOfSource('@omqtt/transport-ws', text, { ws: '8.0.0' })).toEqual([]);
  });

  test('a package may let the runtime choose between its own files', () => {
    expect(problemsOfSource('@omqtt/codec', "import { a } from '#a';\nexport const b: unknown = a;")).toEqual([]);
  });

  test('the form of a file for Node may use what Node has', () => {
    const problems = problemsOf({
      'packages/codec/package.json': { name: '@omqtt/codec' },
      'packages/codec/src/platform.node.ts': 'export const a: unknown = Buffer.prototype;',
    });
    expect(problems).toEqual([]);
  });

  test('words in comments, strings and properties are not uses', () => {
    const text = "// import 'node:fs'; Buffer\nexport const a: object = { process: \"import 'node:fs'\" };";
    expect(problemsOfSource('@omqtt/codec', text)).toEqual([]);
  });

  test('an app may import every published package', () => {
    const problems = problemsOf({
      'packages/codec/package.json': { name: '@omqtt/codec' },
      'apps/bridge/package.json': { name: '@omqtt/bridge', dependencies: { '@omqtt/codec': 'workspace:*' } },
      'apps/bridge/src/index.ts': "import '@omqtt/codec';",
    });
    expect(problems).toEqual([]);
  });
});

describe('imports that are refused', () => {
  test('a package of the workspace that is not in the row', () => {
    const problems = problemsOfSource('@omqtt/codec', "import '@omqtt/core';", { '@omqtt/core': 'workspace:*' });
    expect(problems).toEqual([
      'packages/it/package.json: depends on @omqtt/core, but the import table does not allow it',
      'packages/it/src/index.ts:1: imports @omqtt/core, but the import table does not allow it',
    ]);
  });

  test.each([
    ["import fs from 'node:fs';", 'imports node:fs'],
    ["export { join } from 'node:path';", 'imports node:path'],
    ["export const a = import('node:fs');", 'imports node:fs'],
    ["export type A = import('node:fs').Stats;", 'imports node:fs'],
    ["import leftpad from 'leftpad';", 'imports leftpad'],
    ['export const a = (name: string) => import(name);', 'imports (computed at run time)'],
  ])('%s in a pure package', (text, expected) => {
    expect(problemsOfSource('@omqtt/codec', text)).toEqual([expect.stringContaining(expected)]);
  });

  test('a dependency that package.json does not list', () => {
    expect(problemsOfSource('@omqtt/transport-ws', "\nimport 'ws';")).toEqual([
      'packages/it/src/index.ts:2: imports ws, but package.json does not list it under dependencies',
    ]);
  });

  test('a value where only types are allowed', () => {
    const text = "import type { A } from '@omqtt/codec';\nimport { type B, encode } from '@omqtt/codec';";
    expect(problemsOfSource('@omqtt/contracts', text, { '@omqtt/codec': 'workspace:*' })).toEqual([
      expect.stringContaining('index.ts:2: imports @omqtt/codec, but only its types are allowed here'),
    ]);
  });

  test('a path into another package', () => {
    expect(problemsOfSource('@omqtt/codec', "import '../../core/src/index.ts';")).toEqual([
      expect.stringContaining('it lies outside the src folder'),
    ]);
  });

  test('the driver from the session', () => {
    const problems = problemsOf({
      'packages/core/package.json': { name: '@omqtt/core' },
      'packages/core/src/session/session.ts': "import '../client/client.ts';",
      'packages/core/src/client/client.ts': "import '../session/session.ts';",
    });
    expect(problems).toEqual([
      expect.stringContaining('session.ts:1: imports ../client/client.ts, but session may not'),
    ]);
  });

  test('a private package from an app', () => {
    const problems = problemsOf({
      'packages/codec/package.json': { name: '@omqtt/codec', private: true },
      'apps/bridge/package.json': { name: '@omqtt/bridge', dependencies: { '@omqtt/codec': 'workspace:*' } },
    });
    expect(problems).toEqual([expect.stringContaining('depends on @omqtt/codec')]);
  });
});

describe('other things that are refused', () => {
  test.each(['Buffer.from([])', 'globalThis.Buffer', "globalThis['process']", 'require', 'setImmediate'])(
    'the Node global in %s in a pure package',
    (expression) => {
      const problems = problemsOfSource('@omqtt/codec', `export const a: unknown = ${expression};`);
      expect(problems).toEqual([expect.stringContaining('which only Node has')]);
    },
  );

  test('an import of the form for Node by a file for all runtimes', () => {
    const problems = problemsOfSource('@omqtt/codec', "export { a } from './platform.node.ts';");
    expect(problems).toEqual([expect.stringContaining('only `imports` of package.json')]);
  });

  test.each(["export * from './a.ts';", "export * as a from './a.ts';"])('%s', (text) => {
    expect(problemsOfSource('@omqtt/codec', text)).toEqual([expect.stringContaining('export * hides what is public')]);
  });

  test.each(['utils', 'helpers', 'common', 'types', 'manager', 'base'])('a file named %s.ts', (name) => {
    expect(problemsOf({ [`tooling/it/src/${name}.ts`]: '' })).toEqual([
      expect.stringContaining('the name does not say'),
    ]);
  });

  test('a package without a row in the table', () => {
    expect(problemsOfSource('@omqtt/new', '')).toEqual([expect.stringContaining('has no row')]);
  });

  test('a file that does not parse', () => {
    expect(() => problemsOfSource('@omqtt/codec', 'export const = 1')).toThrow(SyntaxError);
  });
});
