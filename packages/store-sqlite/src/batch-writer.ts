/** Commits as bytes, so that a thousand changes cross to the other thread as one. */
import type { StoreChange, StoredMessage } from '@omqtt/contracts';
import { ByteWriter } from './byte-writer.ts';
import { encodeState } from './flight-state.ts';
import { writeRecord } from './message-record.ts';
import { Op, type RareChange } from './wire.ts';

/** A change of a type that a later version may know, and this one does not. */
export class UnknownChangeError extends Error {
  override readonly name = 'UnknownChangeError';
  readonly code = 'unknown-change';
}

const FIRST_BYTES = 64 * 1024;
const STATE_OFFSET = 1 + 8;
const NOWHERE = -1;

export class BatchWriter {
  readonly #writer: ByteWriter;
  readonly #ends: number[] = [];
  readonly #withPuts: boolean[] = [];
  /** Where in the batch the messages of this commit are, so that what happens to them next is written into them. */
  readonly #puts = new Map<number, number>();
  #hasPut = false;
  /** Where the removal stands that was written last, and what it ends with: its neighbour joins it. */
  #removal = NOWHERE;
  #removedTo = 0;

  constructor(space: Uint8Array<ArrayBuffer> = new Uint8Array(FIRST_BYTES)) {
    this.#writer = new ByteWriter(space);
  }

  get bytes(): number {
    return this.#writer.length;
  }

  get ends(): readonly number[] {
    return this.#ends;
  }

  /** By commit: does it bring new messages? */
  get puts(): readonly boolean[] {
    return this.#withPuts;
  }

  /** Throws, and adds nothing, when a change is unknown. */
  add(changes: readonly StoreChange[]): void {
    const start = this.#writer.length;
    this.#puts.clear();
    this.#hasPut = false;
    this.#removal = NOWHERE;
    try {
      for (const change of changes) this.#write(change);
    } catch (error) {
      this.#writer.truncate(start);
      throw error;
    }
    this.#ends.push(this.#writer.length);
    this.#withPuts.push(this.#hasPut);
  }

  finish(): Uint8Array<ArrayBuffer> {
    return this.#writer.finish();
  }

  #write(change: StoreChange): void {
    switch (change.type) {
      case 'put':
        return this.#put(change.message);
      case 'sent':
        return this.#sent(change.sequence, change.packetId);
      case 'released':
        return this.#bySequence(Op.released, change.sequence);
      case 'unsent':
        return this.#bySequence(Op.unsent, change.sequence);
      case 'remove':
        return this.#remove(change.sequence);
      case 'received':
        return this.#byId(Op.received, change.packetId);
      case 'forget':
        return this.#byId(Op.forget, change.packetId);
      case 'forget-all':
        return this.#writer.byte(Op.forgetAll);
      case 'subscribe':
      case 'unsubscribe':
      case 'client-id':
      case 'alive':
        return this.#rare(change);
      default:
        // From a later version of the client: to skip it would lose what that version relies on.
        throw new UnknownChangeError(`it does not know the change ${String((change as { type: unknown }).type)}`);
    }
  }

  #put(message: StoredMessage): void {
    const { sequence, stage, packetId = 0, payload } = message;
    const writer = this.#writer;
    this.#removal = NOWHERE;
    this.#puts.set(sequence, writer.length);
    this.#hasPut = true;
    writer.byte(Op.put);
    writer.number(sequence);
    writer.number(encodeState(stage, packetId));
    writer.uint32(payload.length);
    const lengthAt = writer.length;
    writer.uint32(0);
    writeRecord(writer, message);
    writer.setUint32(lengthAt, writer.length - lengthAt - 4);
  }

  // Most messages are sent in the commit that takes them: then they are written once.
  #sent(sequence: number, packetId: number): void {
    const put = this.#puts.get(sequence);
    if (put !== undefined) {
      this.#writer.setNumber(put + STATE_OFFSET, encodeState('sent', packetId));
      return;
    }
    this.#bySequence(Op.sent, sequence);
    this.#writer.uint16(packetId);
  }

  #remove(sequence: number): void {
    // What came and went is not written at all; but its sequence was given.
    const put = this.#puts.get(sequence);
    if (put !== undefined) this.#writer.setByte(put, Op.given);
    this.#puts.delete(sequence);
    if (this.#removal !== NOWHERE && sequence === this.#removedTo + 1) {
      this.#writer.setNumber(this.#removal, sequence);
    } else {
      this.#bySequence(Op.remove, sequence);
      this.#removal = this.#writer.length;
      this.#writer.number(sequence);
    }
    this.#removedTo = sequence;
  }

  #bySequence(op: number, sequence: number): void {
    // Written later than the message: from now on what happens to it stands behind this.
    if (op !== Op.remove) this.#puts.delete(sequence);
    this.#writer.byte(op);
    this.#writer.number(sequence);
  }

  #byId(op: number, packetId: number): void {
    this.#writer.byte(op);
    this.#writer.uint16(packetId);
  }

  #rare(change: RareChange): void {
    this.#writer.byte(Op.rare);
    this.#writer.text(JSON.stringify(change));
  }
}
