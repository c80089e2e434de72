/**
 * Whether the disk has room for new messages. They leave some for what happens to those that are kept already: a disk
 * that the queue itself has filled could not be emptied otherwise, since sending and removing a message is written, too.
 */
import { statfsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import type { StoreFault } from '../sqlite-store-error.ts';

/** For the changes of messages that are kept, from one checkpoint of the log to the next. */
const KEPT_FREE_BYTES = 128 * 1024;

/** `reusableBytes` of the database are free: it grows only by what it needs more. */
export function hasRoomFor(path: string, batchBytes: number, reusableBytes = 0): boolean {
  const free = freeBytes(dirname(path));
  if (free === undefined) return true;
  const log = statSync(`${path}-wal`, { throwIfNoEntry: false })?.size ?? 0;
  // It is written to the log, and at a checkpoint, with all of the log, to the database.
  const growth = batchBytes + Math.max(0, log + batchBytes - reusableBytes);
  return free >= growth + KEPT_FREE_BYTES;
}

/** `undefined` for a file system that does not tell. */
function freeBytes(folder: string): number | undefined {
  try {
    const { bavail, bsize, blocks } = statfsSync(folder);
    return blocks === 0 ? undefined : bavail * bsize;
  } catch {
    return undefined;
  }
}

export const noRoom: StoreFault = {
  code: 'store-full',
  fact: 'the disk has no room for new messages; those that were kept go on',
};
