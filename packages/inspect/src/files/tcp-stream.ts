/** Puts the segments of one direction in order, without what was sent twice. */

/** So much is held while an earlier segment is missing; then the gap is given up. */
const MOST_HELD_BYTES = 4_194_304;
const MOST_HELD_SEGMENTS = 4096;

interface HeldSegment {
  readonly sequence: number;
  readonly payload: Uint8Array;
}

export class TcpStream {
  /** The sequence number of the next byte; `undefined` until the first segment. */
  #next: number | undefined;
  #held: HeldSegment[] = [];
  #heldBytes = 0;
  /** Bytes that the capture does not have. */
  lostBytes = 0;

  /** A SYN takes one number. */
  begin(sequence: number): void {
    this.#next = (sequence + 1) >>> 0;
  }

  /** What can be read now that this segment has come. */
  push(sequence: number, payload: Uint8Array): Uint8Array[] {
    if (payload.length === 0) return [];
    this.#next ??= sequence;
    this.#held.push({ sequence, payload });
    this.#heldBytes += payload.length;
    const chunks = this.#take();
    if (this.#heldBytes > MOST_HELD_BYTES || this.#held.length > MOST_HELD_SEGMENTS) chunks.push(...this.finish());
    return chunks;
  }

  /** All that is held, over the gaps. */
  finish(): Uint8Array[] {
    const chunks: Uint8Array[] = [];
    while (this.#held.length > 0) {
      const next = this.#next ?? 0;
      const nearest = this.#held.reduce((best, each) =>
        ahead(each.sequence, next) < ahead(best.sequence, next) ? each : best,
      );
      this.lostBytes += Math.max(0, ahead(nearest.sequence, next));
      this.#next = nearest.sequence;
      chunks.push(...this.#take());
    }
    return chunks;
  }

  #take(): Uint8Array[] {
    const chunks: Uint8Array[] = [];
    let isMoving = true;
    while (isMoving) {
      isMoving = false;
      for (const { sequence, payload } of this.#held) {
        const next = this.#next ?? sequence;
        const skip = -ahead(sequence, next);
        if (skip < 0 || skip >= payload.length) continue;
        chunks.push(payload.subarray(skip));
        this.#next = (next + payload.length - skip) >>> 0;
        isMoving = true;
      }
      this.#drop();
    }
    return chunks;
  }

  /** What lies behind the next byte was read, or came twice. */
  #drop(): void {
    const next = this.#next ?? 0;
    this.#held = this.#held.filter(({ sequence, payload }) => ahead(sequence, next) + payload.length > 0);
    this.#heldBytes = this.#held.reduce((sum, { payload }) => sum + payload.length, 0);
  }
}

/** How far `sequence` is ahead of `next`: numbers wrap around. */
function ahead(sequence: number, next: number): number {
  return (sequence - next) | 0;
}
