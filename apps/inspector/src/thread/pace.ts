/**
 * When the decoding lets the forwarding go first: on a machine with few cores both want the same one. As long as bytes
 * come and there is room for them, it works a part of the time only, and catches up when they come more slowly.
 */
import { setImmediate } from 'node:timers';
import type { RingReader } from './ring.ts';

/** Longer without a look at the sockets would be felt in the page. */
export const SLICE_MS = 8;
/** Three quarters of the time are left to others. */
const REST_MS = SLICE_MS * 3;
/** Of the ring: what is behind that is decoded without a rest, so that nothing has to be skipped. */
const MOST_WAITING = 0.5;

export class Pace {
  readonly #reader: Pick<RingReader, 'written' | 'used' | 'sizeBytes'>;
  #writtenBefore = 0;

  constructor(reader: Pick<RingReader, 'written' | 'used' | 'sizeBytes'>) {
    this.#reader = reader;
  }

  /** After a slice that did not read all: how long to rest before the next one. */
  restMs(): number {
    const { written, used, sizeBytes } = this.#reader;
    const isComing = written !== this.#writtenBefore;
    this.#writtenBefore = written;
    return isComing && used < sizeBytes * MOST_WAITING ? REST_MS : 0;
  }
}

export function after(restMs: number, work: () => void): void {
  if (restMs > 0) setTimeout(work, restMs);
  else setImmediate(work);
}
