/** Ids that sort by time (UUID version 7), from a pool of randomness: one call of the system for many ids. */
import { randomFillSync } from 'node:crypto';

const IDS_PER_POOL = 256;
const RANDOM_BYTES = 10;
const RANDOM_DIGITS = 2 * RANDOM_BYTES;
const pool = Buffer.alloc(IDS_PER_POOL * RANDOM_BYTES);
/** The pool as text: to write out each id by itself would cost a call of its own. */
let randomDigits = '';
let used = 0;
let lastMs = 0;
let timeDigits = '';

export function newMessageId(nowMs: number = Date.now()): string {
  if (used === randomDigits.length) refill();
  if (nowMs !== lastMs) {
    lastMs = nowMs;
    const digits = nowMs.toString(16).padStart(12, '0');
    timeDigits = `${digits.slice(0, 8)}-${digits.slice(8)}-7`;
  }
  const at = used;
  used += RANDOM_DIGITS;
  const head = `${timeDigits}${randomDigits.slice(at + 1, at + 4)}-${randomDigits.slice(at + 4, at + 8)}`;
  return `${head}-${randomDigits.slice(at + 8, at + RANDOM_DIGITS)}`;
}

function refill(): void {
  randomFillSync(pool);
  // The variant takes the two highest bits of its byte.
  for (let at = 2; at < pool.length; at += RANDOM_BYTES) pool[at] = ((pool[at] ?? 0) & 0x3f) | 0x80;
  randomDigits = pool.toString('hex');
  used = 0;
}
