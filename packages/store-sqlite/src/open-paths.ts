/**
 * The files that are open in this process. The lock of the operating system belongs to the process and not to the store,
 * so it cannot keep two stores of one process apart.
 */
import { realpathSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';

// One for all copies of this package that a process may have loaded.
const key: unique symbol = Symbol.for('@omqtt/store-sqlite/open-paths') as never;
const shared = globalThis as { [key]?: Map<string, string> };

/** Takes the file, and returns what gives it back; or returns since when another store has it. */
export function claimPath(path: string): (() => void) | { readonly since: string } {
  const open = (shared[key] ??= new Map<string, string>());
  const file = canonical(path);
  const since = open.get(file);
  if (since !== undefined) return { since };
  open.set(file, new Date().toISOString());
  return () => void open.delete(file);
}

/** The same for all names of a file, also when it does not exist yet. */
function canonical(path: string): string {
  return tryRealPath(path) ?? join(tryRealPath(dirname(path)) ?? resolve(dirname(path)), basename(path));
}

function tryRealPath(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch {
    return undefined;
  }
}
