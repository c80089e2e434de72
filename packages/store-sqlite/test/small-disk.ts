/** A disk that is soon full. */
import { execFileSync } from 'node:child_process';
import { closeSync, openSync, rmSync, writeSync } from 'node:fs';
import { afterAll } from 'vitest';

const ENDS_WITH = 4096;

/** A file system of one megabyte, which needs the rights to mount one; `undefined` without them. */
export function smallDisk(name: string): string | undefined {
  const folder = `/tmp/omqtt-${name}-${process.pid}`;
  try {
    execFileSync('mkdir', ['-p', folder]);
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', folder], { stdio: 'pipe' });
  } catch {
    console.warn('\n*** a small disk cannot be mounted here: the test of a full one is SKIPPED ***\n');
    rmSync(folder, { recursive: true, force: true });
    return undefined;
  }
  // Not at the exit of the process, which the runner may end at once.
  afterAll(() => {
    execFileSync('umount', ['-l', folder]);
    rmSync(folder, { recursive: true });
  });
  return folder;
}

/** Takes all the room that is left, and returns what gives it back. */
export function takeRoom(disk: string): () => void {
  const ballast = `${disk}/ballast`;
  const file = openSync(ballast, 'w');
  const block = new Uint8Array(ENDS_WITH);
  try {
    for (;;) writeSync(file, block);
  } catch (error) {
    if ((error as { readonly code?: string }).code !== 'ENOSPC') throw error;
  } finally {
    closeSync(file);
  }
  return () => rmSync(ballast, { force: true });
}
