/** One direction of a connection in memory: bytes wait here for their time, for the receiver, or for a stall to end. */
import type { Clock } from '@omqtt/contracts';
import type { Random } from './seeded-random.ts';

/**
 * How the bytes of a direction are cut into chunks: each write as it was; all that waits in one chunk; byte by byte;
 * pieces of a fixed size; or pieces of random sizes, small ones more often.
 */
export type Slicing = 'as-written' | 'glued' | 'bytewise' | 'random' | { readonly bytes: number };

/** Read anew for each chunk, so that a test can change it while bytes are on the way. */
export interface PipeConditions {
  readonly clock: Clock;
  readonly latencyMs: number;
  readonly slicing: Slicing;
  readonly random: Random;
  /** From how many waiting bytes on the writer is asked to hold. */
  readonly bufferBytes: number;
}

export interface PipeEnds {
  /** Whether bytes may be handed to the receiver now. */
  canDeliver(): boolean;
  deliver(chunk: Uint8Array): void;
  /** The writer has ended in order. */
  ended(): void;
  /** The writer is gone, and with it what it had not sent. */
  reset(): void;
  /** The writer was told to hold, and need not any more. */
  drained(): void;
  /** As many bytes have passed as `cutAfter` asked for. */
  cut(): void;
}

interface Waiting {
  readonly kind: 'bytes' | 'end' | 'reset';
  readonly bytes: Uint8Array;
  readonly due: number;
}

const nothing = new Uint8Array(0);

export class MemoryPipe {
  readonly #conditions: PipeConditions;
  readonly #ends: PipeEnds;
  #queue: Waiting[] = [];
  #queuedBytes = 0;
  #carried = 0;
  #cutAt = Infinity;
  #isHolding = false;
  #isStalled = false;
  /** Takes no more: it has ended, or its bytes go nowhere. */
  #isShut = false;
  /** Nobody will hear from this side again. */
  #isDead = false;
  #isScheduled = false;
  #cancelWake: (() => void) | undefined;

  constructor(conditions: PipeConditions, ends: PipeEnds) {
    this.#conditions = conditions;
    this.#ends = ends;
  }

  /** Bytes that have arrived. */
  get carried(): number {
    return this.#carried;
  }

  /** Bytes that were written and have not arrived. */
  get inFlight(): number {
    return this.#queuedBytes;
  }

  write(bytes: Uint8Array): boolean {
    if (this.#isShut) return true;
    // A copy: what arrives belongs to the receiver, whatever the writer does with its own.
    if (bytes.length > 0) this.#append('bytes', bytes.slice());
    if (this.#isStalled || this.#queuedBytes >= this.#conditions.bufferBytes) this.#isHolding = true;
    return !this.#isHolding;
  }

  end(): void {
    if (this.#isShut) return;
    this.#append('end', nothing);
    this.#isShut = true;
  }

  reset(): void {
    if (this.#isDead) return;
    this.discard();
    this.#append('reset', nothing);
  }

  /** Forgets what is on the way, and swallows what is written from now on. */
  discard(): void {
    this.#queue = [];
    this.#queuedBytes = 0;
    this.#isShut = true;
    this.#isDead = true;
    this.#cancelWake?.();
    this.#cancelWake = undefined;
  }

  stall(): void {
    this.#isStalled = true;
  }

  release(): void {
    this.#isStalled = false;
    this.flow();
  }

  /** Loses the connection once so many more bytes have arrived. */
  cutAfter(bytes: number): void {
    this.#cutAt = this.#carried + bytes;
    this.flow();
  }

  /** To be called whenever something may flow that could not before. */
  flow(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    // Never within the call that wrote: a real connection comes back through the event loop, too.
    queueMicrotask(() => {
      this.#isScheduled = false;
      this.#step();
      this.#stopHolding();
    });
  }

  #append(kind: Waiting['kind'], bytes: Uint8Array): void {
    const { clock, latencyMs } = this.#conditions;
    const arrives = latencyMs > 0 ? clock.now() + latencyMs : 0;
    // A latency that was lowered meanwhile does not let later bytes overtake.
    this.#queue.push({ kind, bytes, due: Math.max(arrives, this.#queue.at(-1)?.due ?? 0) });
    this.#queuedBytes += bytes.length;
    this.flow();
  }

  /** One delivery a turn, so that the receiver's promises run between two chunks. */
  #step(): void {
    if (this.#carried >= this.#cutAt) return this.#ends.cut();
    const next = this.#queue[0];
    if (next === undefined || this.#isStalled) return undefined;
    if (next.due > this.#now()) return this.#wakeAt(next.due);
    if (next.kind !== 'reset' && !this.#ends.canDeliver()) return undefined;
    if (next.kind === 'bytes') {
      this.#ends.deliver(this.#takeChunk(next));
      return this.flow();
    }
    this.#queue.shift();
    return next.kind === 'end' ? this.#ends.ended() : this.#ends.reset();
  }

  #stopHolding(): void {
    const isRoom = !this.#isStalled && this.#queuedBytes < this.#conditions.bufferBytes;
    if (!this.#isHolding || !isRoom) return;
    this.#isHolding = false;
    this.#ends.drained();
  }

  #wakeAt(due: number): void {
    if (this.#cancelWake !== undefined) return;
    this.#cancelWake = this.#conditions.clock.wakeAt(due, () => {
      this.#cancelWake = undefined;
      this.flow();
    });
  }

  /** The clock is not asked where there is no latency: a test without one needs none. */
  #now(): number {
    return this.#queue[0]?.due === 0 ? 0 : this.#conditions.clock.now();
  }

  #takeChunk(next: Waiting): Uint8Array {
    const size = Math.min(this.#chunkSize(next), this.#cutAt - this.#carried);
    const chunk = new Uint8Array(size);
    let filled = 0;
    while (filled < size) {
      const piece = this.#takeFromHead(size - filled);
      chunk.set(piece, filled);
      filled += piece.length;
    }
    this.#queuedBytes -= size;
    this.#carried += size;
    return chunk;
  }

  #chunkSize(next: Waiting): number {
    const { slicing, random } = this.#conditions;
    if (slicing === 'as-written') return next.bytes.length;
    if (slicing === 'bytewise') return 1;
    if (slicing === 'glued') return this.#dueBytes(Infinity);
    if (slicing === 'random') return this.#dueBytes(random.int(1, random.pick([1, 4, 16, 256, 4096])));
    return this.#dueBytes(Math.max(1, slicing.bytes));
  }

  /** How many bytes may arrive now, as far as `most`. */
  #dueBytes(most: number): number {
    const now = this.#now();
    let due = 0;
    for (const waiting of this.#queue) {
      if (due >= most || waiting.kind !== 'bytes' || waiting.due > now) break;
      due += waiting.bytes.length;
    }
    return Math.min(due, most);
  }

  #takeFromHead(most: number): Uint8Array {
    const head = this.#queue[0];
    // `#chunkSize` never asks for more than the queue has.
    if (head === undefined) throw new Error('The pipe is empty');
    if (head.bytes.length <= most) {
      this.#queue.shift();
      return head.bytes;
    }
    this.#queue[0] = { ...head, bytes: head.bytes.subarray(most) };
    return head.bytes.subarray(0, most);
  }
}
