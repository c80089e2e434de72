/** The runtimes, which are npm packages in ./runtimes, and which package wants to run where. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './shell.ts';

export interface Runtime {
  /** As in the `engines` of a package. */
  readonly engine: 'node' | 'bun' | 'deno';
  readonly version: string;
  /** Command and first arguments, before the file to run. */
  readonly command: readonly [string, ...string[]];
}

export interface Compiler {
  readonly version: string;
  /** A script for Node. */
  readonly path: string;
}

const folder = join(import.meta.dirname, '../runtimes');
const binaries = join(folder, 'node_modules/.bin');

/** Installs what is missing and lists all: old and new Node, Bun, Deno. */
export async function installRuntimes(): Promise<Runtime[]> {
  await run('pnpm', ['install', '--frozen-lockfile'], folder);
  return installed()
    .filter(([name]) => !name.startsWith('typescript'))
    .map(([name, version]) => runtime(name, version));
}

/** The compilers that stand beside the runtimes: a user has an old one, too. */
export function listCompilers(): Compiler[] {
  return installed()
    .filter(([name]) => name.startsWith('typescript'))
    .map(([name, version]) => ({ version, path: join(folder, 'node_modules', name, 'bin/tsc') }));
}

function installed(): [name: string, version: string][] {
  const { dependencies } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
    readonly dependencies: Readonly<Record<string, string>>;
  };
  return Object.entries(dependencies).map(([name, specifier]) => [name, specifier.replace(/^npm:.*@/, '')]);
}

function runtime(name: string, version: string): Runtime {
  if (name === 'bun') return { engine: 'bun', version, command: [join(binaries, 'bun')] };
  // Deno reads node_modules like Node does, and is given no permission: pure packages need none.
  if (name === 'deno') return { engine: 'deno', version, command: [join(binaries, 'deno'), 'run', '--no-prompt'] };
  return { engine: 'node', version, command: [join(folder, 'node_modules', name, 'bin/node')] };
}

/** `engines` lists every runtime that a package promises; one that is not listed is not tried. */
export function isPromised({ engine, version }: Runtime, engines: Readonly<Record<string, string>> = {}): boolean {
  const range = engines[engine];
  return range !== undefined && isAtLeast(version, range);
}

/** Only `>=` with a version is understood: a package of this workspace needs no other range. */
function isAtLeast(version: string, range: string): boolean {
  if (!/^>=\d+(?:\.\d+){0,2}$/.test(range)) throw new Error(`engines: ${range} is not of the form >=1.2.3`);
  return compareVersions(version, range.slice(2)) >= 0;
}

function compareVersions(left: string, right: string): number {
  const [a, b] = [left, right].map((version) => version.split('.').map(Number)) as [number[], number[]];
  const index = [0, 1, 2].find((place) => (a[place] ?? 0) !== (b[place] ?? 0)) ?? 0;
  return (a[index] ?? 0) - (b[index] ?? 0);
}
