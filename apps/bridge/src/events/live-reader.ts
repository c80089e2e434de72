/**
 * One reader of a live stream. It follows the ring: as long as it keeps up it is handed each event; when its connection
 * is full, or it has had enough for this second, it stays where it is and reads on from there later. What the ring has
 * forgotten meanwhile is a gap, and said so; a reader who conflates gets the last message of each topic alone.
 */
import type { EventFormat, EventRecord, EventRing } from './event-ring.ts';
import { gapFrame, type GapNote } from './gap-frame.ts';
import type { HubFilter, HubReader } from './event-hub.ts';
import type { Counter } from '../ops/metrics.ts';
import { Pace } from './pace.ts';

/** Where the events of a reader go. */
export interface ReaderOutput {
  readonly isOver: boolean;
  hasRoom(bytes: number): boolean;
  write(frame: Buffer): void;
  onDrain(listener: () => void): void;
  onClose(listener: () => void): void;
  bye(reason: 'too-slow'): void;
}

export type Overflow = 'gap' | 'conflate' | 'disconnect';

export interface LiveReaderParts {
  readonly ring: EventRing;
  readonly output: ReaderOutput;
  readonly format: EventFormat;
  /** What happens to a reader who has missed something. */
  readonly overflow: Overflow;
  /** Messages a second. */
  readonly maximumRate: number | undefined;
  /** What was published there does not come back. */
  readonly leftOutOrigin: string | undefined;
  /** Counts what it missed. */
  readonly dropped: Counter;
}

export class LiveReader implements HubReader {
  readonly #parts: LiveReaderParts;
  readonly #pace: Pace | undefined;
  #filters: readonly HubFilter[] = [];
  /** The last event that it has seen, or passed. */
  #position = 0;
  /** Events that came while it could not take them. */
  #pending = 0;
  #isFollowing = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(parts: LiveReaderParts) {
    this.#parts = parts;
    this.#pace = parts.maximumRate === undefined ? undefined : new Pace(parts.maximumRate);
    parts.output.onDrain(() => this.#goOn());
    parts.output.onClose(() => clearTimeout(this.#timer));
  }

  /** Reads what came after the position, and then everything as it comes. */
  follow(filters: readonly HubFilter[], position: number): void {
    this.#filters = filters;
    this.#position = position;
    this.#catchUp();
  }

  offer(record: EventRecord): void {
    if (this.#parts.output.isOver || this.#isOwn(record)) return;
    if (!this.#isFollowing) {
      this.#pending += 1;
      return;
    }
    // It came through another filter before.
    if (record.sequence <= this.#position) return;
    this.#isFollowing = this.#deliver(record);
    if (!this.#isFollowing) this.#pending = 1;
  }

  #goOn(): void {
    const isWaiting = !this.#isFollowing && this.#timer === undefined && this.#filters.length > 0;
    if (isWaiting && !this.#parts.output.isOver) this.#catchUp();
  }

  #catchUp(): void {
    const { ring, overflow } = this.#parts;
    if (this.#position < ring.horizon && !this.#reportGap()) return;
    if (overflow === 'conflate' && !this.#conflate()) return;
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
    const waitMs = this.#pace?.take() ?? 0;
    if (waitMs > 0) {
      this.#comeBackIn(waitMs);
      return false;
    }
    output.write(frame);
    this.#position = record.sequence;
    return true;
  }

  #comeBackIn(waitMs: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#goOn();
    }, Math.ceil(waitMs));
  }

  /** Delivers the last of each topic, and says how many were passed over. False when it has to wait. */
  #conflate(): boolean {
    const { ring } = this.#parts;
    const until = ring.last;
    const lastOfTopic = new Map<string | undefined, number>();
    for (let sequence = this.#position + 1; sequence <= until; sequence += 1) {
      const record = ring.at(sequence);
      if (record !== undefined && this.#isMine(record)) lastOfTopic.set(record.topic, sequence);
    }
    const from = ring.cursor(this.#position);
    let passed = 0;
    let delivered = 0;
    let isAllDelivered = true;
    while (isAllDelivered && this.#position < until) {
      const record = ring.at(this.#position + 1);
      const isMine = record !== undefined && this.#isMine(record);
      const isLast = isMine && (record.topic === undefined || lastOfTopic.get(record.topic) === record.sequence);
      if (isLast) isAllDelivered = this.#deliver(record);
      else this.#position += 1;
      if (isMine && !isLast) passed += 1;
      if (isLast && isAllDelivered) delivered += 1;
    }
    if (passed > 0) this.#tellGap({ reason: 'conflated', from, missed: passed });
    this.#pending = Math.max(0, this.#pending - passed - delivered);
    return isAllDelivered;
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
    if (missed > 0) this.#tellGap({ reason: 'overflow', from, missed });
    return true;
  }

  #tellGap(note: GapNote): void {
    const { ring, output, format, dropped } = this.#parts;
    dropped.add({ reason: note.reason }, note.missed ?? 0);
    output.write(gapFrame(format, note, ring.cursor(this.#position)));
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

  #isMine(record: EventRecord): boolean {
    const { sources } = record;
    if (this.#isOwn(record)) return false;
    return sources === 'all' || this.#filters.some((filter) => sources.has(filter));
  }

  #isOwn({ origin }: EventRecord): boolean {
    return origin !== undefined && origin === this.#parts.leftOutOrigin;
  }
}
