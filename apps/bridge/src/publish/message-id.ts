/** Ids that sort by time (UUID version 7), from a pool of randomness: one call of the system for many ids. */
import { randomFillSync } from 'node:crypto';

const POOL_BYTES = 4096;
const RANDOM_BYTES = 10;
const pool = Buffer.alloc(POOL_BYTES);
let used = POOL_BYTES;
let lastMs = 0;
let timeDigits = '';

export function newMessageId(nowMs: number = Date.now()): string {
  if (used + RANDOM_BYTES > POOL_BYTES) {
    randomFillSync(pool);
    used = 0;
  }
  if (nowMs !== lastMs) {
    lastMs = nowMs;
    const digits = nowMs.toString(16).padStart(12, '0');
    timeDigits = `${digits.slice(0, 8)}-${digits.slice(8)}-7`;
  }
  const at = used;
  used += RANDOM_BYTES;
  // The variant takes the two highest bits of its byte.
  pool[at + 2] = ((pool[at + 2] ?? 0) & 0x3f) | 0x80;
  const digits = pool.toString('hex', at, at + RANDOM_BYTES);
  return `${timeDigits}${digits.slice(1, 4)}-${digits.slice(4, 8)}-${digits.slice(8)}`;
}
