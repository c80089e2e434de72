/**
 * One reader of a live stream. It follows the ring: as long as it keeps up it is handed each event; when its connection
 * is full it stays where it is and reads on from there later. What the ring has forgotten meanwhile is a gap, and said so.
 */
import type { EventFormat, EventRecord, EventRing } from './event-ring.ts';
import type { HubFilter, HubReader } from './event-hub.ts';
import { jsonFrame } from './sse-frame.ts';
import type { StreamOutput } from './stream-output.ts';

export interface LiveReaderParts {
  readonly ring: EventRing;
  readonly output: StreamOutput;
  readonly format: EventFormat;
  /** What happens to a reader who has missed something. */
  readonly overflow: 'gap' | 'disconnect';
}

export class LiveReader implements HubReader {
  readonly #parts: LiveReaderParts;
  #filters: readonly HubFilter[] = [];
  /** The last event that it has seen, or passed. */
  #position = 0;
  /** Events that came while it could not take them. */
  #pending = 0;
  #isFollowing = false;

  constructor(parts: LiveReaderParts) {
    this.#parts = parts;
    parts.output.onDrain(() => {
      if (!this.#isFollowing && this.#filters.length > 0) this.#catchUp();
    });
  }

  get missedBytesMs(): number {
    return this.#parts.output.fullForMs;
  }

  /** Reads what came after the position, and then everything as it comes. */
  follow(filters: readonly HubFilter[], position: number): void {
    this.#filters = filters;
    this.#position = position;
    this.#catchUp();
  }

  offer(record: EventRecord): void {
    if (this.#parts.output.isOver) return;
    if (!this.#isFollowing) {
      this.#pending += 1;
      return;
    }
    // It came through another filter before.
    if (record.sequence <= this.#position) return;
    this.#isFollowing = this.#deliver(record);
    if (!this.#isFollowing) this.#pending = 1;
  }

  #catchUp(): void {
    const { ring } = this.#parts;
    if (this.#position < ring.horizon && !this.#reportGap()) return;
    while (this.#position < ring.last) {
      const record = ring.at(this.#position + 1);
      if (record === undefined || !this.#isMine(record)) this.#position += 1;
      else if (!this.#deliver(record)) return;
      else this.#pending = Math.max(0, this.#pending - 1);
    }
    this.#isFollowing = true;
    this.#pending = 0;
  }

  #deliver(record: EventRecord): boolean {
    const { output, format } = this.#parts;
    const frame = record.frame(format);
    if (!output.hasRoom(frame.length)) return false;
    output.write(frame);
    this.#position = record.sequence;
    return true;
  }

  /** False when this ends the stream, or must wait for room. */
  #reportGap(): boolean {
    const { ring, output, overflow } = this.#parts;
    if (overflow === 'disconnect') {
      output.bye('too-slow');
      return false;
    }
    const missed = Math.max(0, this.#pending - this.#mineInRing());
    const from = ring.cursor(this.#position);
    this.#position = ring.horizon;
    // Of what it lost nothing may have been for it.
    if (missed > 0) output.write(jsonFrame('gap', { reason: 'overflow', from, missed }, ring.cursor(this.#position)));
    return true;
  }

  #mineInRing(): number {
    const { ring } = this.#parts;
    let count = 0;
    for (let sequence = ring.horizon + 1; sequence <= ring.last; sequence += 1) {
      const record = ring.at(sequence);
      if (record !== undefined && this.#isMine(record)) count += 1;
    }
    return count;
  }

  #isMine({ sources }: EventRecord): boolean {
    return sources === 'all' || this.#filters.some((filter) => sources.has(filter));
  }
}
