/**
 * What is known of a session without reading it: how large each message is, the sums, and the record. A branch takes
 * changes on trial; merged, they count, and dropped, nothing has happened.
 */
import type { SessionRecord } from './schema.ts';

export interface LedgerEntry {
  /** Of the payload. */
  readonly bytes: number;
  /** What a row of `stages` says; one that was put with the message is not known here. */
  readonly packetId?: number | undefined;
}

export class SessionLedger {
  record: SessionRecord;
  readonly #parent: SessionLedger | undefined;
  /** By sequence; in a branch `undefined` is a message that is removed. */
  readonly #entries = new Map<number, LedgerEntry | undefined>();
  #messages: number;
  #bytes: number;

  constructor(record: SessionRecord, parent?: SessionLedger) {
    this.record = record;
    this.#parent = parent;
    this.#messages = parent?.messages ?? 0;
    this.#bytes = parent?.bytes ?? 0;
  }

  get messages(): number {
    return this.#messages;
  }

  /** Of the payloads. */
  get bytes(): number {
    return this.#bytes;
  }

  branch(): SessionLedger {
    return new SessionLedger(this.record, this);
  }

  /** Into the ledger that this is a branch of. */
  merge(): void {
    const parent = this.#parent;
    if (parent === undefined) return;
    for (const [sequence, entry] of this.#entries) {
      if (entry === undefined && parent.#parent === undefined) parent.#entries.delete(sequence);
      else parent.#entries.set(sequence, entry);
    }
    parent.record = this.record;
    parent.#messages = this.#messages;
    parent.#bytes = this.#bytes;
  }

  /** `undefined` when there is no such message. */
  entryOf(sequence: number): LedgerEntry | undefined {
    return this.#entries.has(sequence) ? this.#entries.get(sequence) : this.#parent?.entryOf(sequence);
  }

  put(sequence: number, bytes: number): void {
    this.remove(sequence);
    this.#entries.set(sequence, { bytes });
    this.#messages += 1;
    this.#bytes += bytes;
    if (sequence > this.record.highest) this.record = { ...this.record, highest: sequence };
  }

  /** The message has this packet id from now on, or none. */
  lend(sequence: number, packetId: number | undefined): void {
    const entry = this.entryOf(sequence);
    if (entry !== undefined) this.#entries.set(sequence, { bytes: entry.bytes, packetId });
  }

  remove(sequence: number): void {
    const entry = this.entryOf(sequence);
    if (entry === undefined) return;
    this.#entries.set(sequence, undefined);
    this.#messages -= 1;
    this.#bytes -= entry.bytes;
  }
}
