/**
 * Who has the store open, for the message to others. The lock itself is one of the operating system on the database: it
 * ends with its process, however that ends, so a stale one cannot exist, and neither a process id that was given again
 * nor a container with ids of its own can be mistaken for the holder. This file only says a name, and may be stale.
 */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import type { StoreFault, StoreHolder } from '../sqlite-store-error.ts';

function holderFile(path: string): string {
  return `${path}-holder`;
}

/** Called by the holder, after it got the lock. */
export function writeHolder(path: string): void {
  const holder: StoreHolder = { pid: process.pid, host: hostname(), since: new Date().toISOString() };
  try {
    writeFileSync(holderFile(path), `${JSON.stringify(holder)}\n`, { mode: 0o600 });
  } catch {
    // A full disk: the lock does without it, and the session may be needed to empty the store.
  }
}

/** Called by the holder, before it gives the lock back. */
export function removeHolder(path: string): void {
  rmSync(holderFile(path), { force: true });
}

export function lockedFault(path: string): StoreFault {
  const holder = readHolder(path);
  const who =
    holder === undefined
      ? 'another process has the file open'
      : `process ${holder.pid} on ${holder.host} has had the file open since ${holder.since}`;
  return { code: 'store-locked', fact: `${who}; end that one, or give each client a file of its own`, holder };
}

/** `undefined` when it is not known: the holder has not written it yet, and what is there is from one that died. */
function readHolder(path: string): StoreHolder | undefined {
  try {
    const { pid, host, since } = JSON.parse(readFileSync(holderFile(path), 'utf8')) as Partial<StoreHolder>;
    if (typeof pid !== 'number' || typeof host !== 'string' || typeof since !== 'string') return undefined;
    return host === hostname() && !isAlive(pid) ? undefined : { pid, host: printable(host), since: printable(since) };
  } catch {
    return undefined;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // It is there, and belongs to somebody else.
    return (error as { readonly code?: string }).code === 'EPERM';
  }
}

// The file could have been written by anybody who may write to the folder.
function printable(text: string): string {
  return text.slice(0, 100).replaceAll(/[^\x20-\x7e]/g, '?');
}
