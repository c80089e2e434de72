/** The last events of a broker, by a growing number: who was away for a moment reads on from there. */
import { randomBytes } from 'node:crypto';
import type { Message } from 'omqtt';
import { gapFrame, type GapNote } from './gap-frame.ts';
import { messageJson, type MessageJson } from './message-json.ts';
import { originOf } from './origin.ts';
import { jsonFrame, rawFrame } from './sse-frame.ts';

/** The first two are for server-sent events, the last one is for WebSockets. */
export type EventFormat = 'envelope' | 'raw' | 'socket';

/** A message, or the note that some may be missing here. */
export interface EventRecord {
  readonly sequence: number;
  /** The filters that it came through; a note is for all. */
  readonly sources: ReadonlySet<object> | 'all';
  readonly bytes: number;
  /** Absent in a note. */
  readonly topic?: string;
  /** Who says to have published it: for those who do not want their own. */
  readonly origin?: string | undefined;
  /** Encoded once, for all readers. */
  frame(format: EventFormat): Buffer;
}

export interface RingLimits {
  readonly ringMessages: number;
  readonly ringBytes: number;
}

/** What an event costs beside its payload, roughly. */
const OVERHEAD_BYTES = 500;

export class EventRing {
  /** Another process, or another life of this one, counts anew. */
  readonly epoch: string = randomBytes(4).toString('hex');
  readonly #limits: RingLimits;
  #records: (EventRecord | undefined)[] = [];
  /** Where the oldest one lies in `#records`; what is before it is cut off now and then. */
  #start = 0;
  #bytes = 0;
  #last = 0;

  constructor(limits: RingLimits) {
    this.#limits = limits;
  }

  /** The number of the newest event; 0 before the first. */
  get last(): number {
    return this.#last;
  }

  /** The number before the oldest event that is still there: who knows that one misses nothing. */
  get horizon(): number {
    return this.#last - (this.#records.length - this.#start);
  }

  cursor(sequence: number): string {
    return `v1.l.${this.epoch}.${sequence}`;
  }

  addMessage(message: Message, sources: ReadonlySet<object>): EventRecord {
    const sequence = this.#last + 1;
    const receivedAt = Date.now();
    const id = this.cursor(sequence);
    let envelope: Buffer | undefined;
    let raw: Buffer | undefined;
    let socket: Buffer | undefined;
    return this.#add({
      sequence,
      sources,
      bytes: message.payload.length + OVERHEAD_BYTES,
      topic: message.topic,
      origin: originOf(message),
      frame(format) {
        if (format === 'raw') return (raw ??= rawFrame(message.payload, id));
        if (format === 'socket') return (socket ??= socketFrame(messageJson(message, receivedAt), id));
        return (envelope ??= jsonFrame('message', messageJson(message, receivedAt), id));
      },
    });
  }

  addGap(reason: GapNote['reason']): EventRecord {
    const sequence = this.#last + 1;
    const note = { reason, from: this.cursor(this.#last), missed: null };
    const cursor = this.cursor(sequence);
    return this.#add({
      sequence,
      sources: 'all',
      bytes: OVERHEAD_BYTES,
      frame: (format) => gapFrame(format, note, cursor),
    });
  }

  at(sequence: number): EventRecord | undefined {
    return this.#records[this.#start + sequence - this.horizon - 1];
  }

  #add(record: EventRecord): EventRecord {
    this.#records.push(record);
    this.#last = record.sequence;
    this.#bytes += record.bytes;
    const { ringMessages, ringBytes } = this.#limits;
    while (this.#records.length - this.#start > ringMessages || this.#bytes > ringBytes) this.#forgetOldest();
    if (this.#start > ringMessages) {
      this.#records = this.#records.slice(this.#start);
      this.#start = 0;
    }
    return record;
  }

  #forgetOldest(): void {
    const oldest = this.#records[this.#start];
    this.#bytes -= oldest?.bytes ?? 0;
    // Its payload must not live until the next cut.
    this.#records[this.#start] = undefined;
    this.#start += 1;
  }
}

/** Without an id: retained before the reader came, so no place to go on from. */
export function socketFrame(message: MessageJson, cursor?: string): Buffer {
  return Buffer.from(JSON.stringify({ type: 'msg', ...(cursor !== undefined && { cursor }), ...message }));
}
