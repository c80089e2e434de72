/**
 * When the decoding lets the forwarding go first: on a machine with few cores both want the same one. As long as bytes
 * come and there is room for them, it works a part of the time only, and catches up when they come more slowly.
 */
import { setImmediate } from 'node:timers';
import type { RingReader } from './ring.ts';

/** Longer without a look at the sockets would be felt in the page. */
export const SLICE_MS = 8;
/** The more waits, the less rest, so that nothing has to be skipped: shares of the ring, and rests below them. */
const rests = [
  { share: 0.25, restMs: SLICE_MS * 8 },
  { share: 0.5, restMs: SLICE_MS * 3 },
] as const;

/** Small packets wait for long before they take much of the ring, and a page is to show what happens now. */
const MOST_BEHIND_MS = 1000;

export class Pace {
  readonly #reader: Pick<RingReader, 'written' | 'used' | 'sizeBytes'>;
  #writtenBefore = 0;

  constructor(reader: Pick<RingReader, 'written' | 'used' | 'sizeBytes'>) {
    this.#reader = reader;
  }

  /** After a slice that did not read all: how long to rest before the next one. `behindMs`: since what it read last came. */
  restMs(behindMs: number): number {
    const { written, used, sizeBytes } = this.#reader;
    const isComing = written !== this.#writtenBefore;
    this.#writtenBefore = written;
    if (!isComing || behindMs > MOST_BEHIND_MS) return 0;
    return rests.find(({ share }) => used < sizeBytes * share)?.restMs ?? 0;
  }
}

export function after(restMs: number, work: () => void): void {
  if (restMs > 0) setTimeout(work, restMs);
  else setImmediate(work);
}
