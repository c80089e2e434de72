import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '../../..');

interface Manifest {
  readonly name: string;
  readonly private?: boolean;
  readonly engines: Readonly<Record<string, string>>;
}

interface Budget {
  readonly imports: readonly string[];
  readonly names?: readonly string[];
  readonly gzipBytes: number;
}

const read = (path: string): unknown => JSON.parse(readFileSync(join(root, path), 'utf8'));
const budgets = Object.values(read('tooling/portability/budgets.json') as Readonly<Record<string, Budget>>);

/** Folder, runtimes and size of a package, as the README has to have them. */
function rowOf(path: string): string {
  const { name, engines } = read(path) as Manifest;
  const runtimes = { Node: engines['node'], Bun: engines['bun'], Deno: engines['deno'] };
  const named = Object.entries(runtimes).flatMap(([engine, range]) =>
    range === undefined ? [] : [`${engine} ${range.replace('>=', '')}`],
  );
  const budget = budgets.find(({ imports, names }) => names === undefined && imports.join() === name);
  const size = budget === undefined ? '–' : `${(budget.gzipBytes / 1000).toFixed(1)} kB`;
  return [`[\`${name}\`](${dirname(path)})`, named.join(', '), size].join(' | ');
}

test('the package map of the README has every published package, with the runtimes and sizes that are checked', () => {
  const map = /## Packages\n(.*?)\n## /s.exec(readFileSync(join(root, 'README.md'), 'utf8'))?.[1] ?? '';
  const rows = Array.from(map.matchAll(/^\| (\[.*?) +\| .*? +\| (.*?) +\| (.*?) +\|$/gm), ([, ...cells]) => cells);
  const manifests = globSync('{packages,apps}/*/package.json', { cwd: root });
  const published = manifests.filter((path) => (read(path) as Manifest).private !== true);
  expect(rows.map((cells) => cells.join(' | ')).toSorted()).toEqual(published.map(rowOf).toSorted());
});
