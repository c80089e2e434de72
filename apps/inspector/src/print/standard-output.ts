/** A descriptor of standard output that never blocks: a write that does holds the thread where nothing can end it. */
import { constants, fstatSync, openSync } from 'node:fs';

const STDOUT = 1;

/** Standard output itself where there is no other way; its owner may have made it non-blocking. */
export function openStandardOutput(): number {
  try {
    const kind = fstatSync(STDOUT);
    // A file never blocks, and to open it again would begin at its start; a socket cannot be opened.
    if (!kind.isFIFO() && !kind.isCharacterDevice()) return STDOUT;
    return openSync('/proc/self/fd/1', constants.O_WRONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
  } catch {
    return STDOUT;
  }
}
