/**
 * A queue from the thread that forwards to the thread that decodes, in shared memory: the first one copies a chunk and
 * goes on, whatever the other one does. One writer, one reader.
 *
 *     length u32 · kind u8 · direction u8 · 2 free · connection u32 · time f64 · bytes, filled up to a multiple of 8
 *
 * Head and tail count bytes for ever, modulo 2^32; the size is a power of two.
 */
const HEADER_BYTES = 24;
const HEAD = 0;
const TAIL = 1;
const ASLEEP = 2;
const CONTROL_BYTES = 16;
/** Beginnings and ends of connections may use what is kept free for them. */
const RESERVED_BYTES = 65_536;

export type EntryKind = 'open' | 'bytes' | 'gap' | 'close';

const kinds: readonly EntryKind[] = ['open', 'bytes', 'gap', 'close'];

export interface Entry {
  readonly kind: EntryKind;
  /** 0: from the client, 1: from the server. */
  readonly direction: 0 | 1;
  readonly connection: number;
  /** Milliseconds since 1970, with fractions. */
  readonly at: number;
  /** Of one that was read: those of the ring itself, until the next is read. */
  readonly bytes: Uint8Array;
}

export type Ring = SharedArrayBuffer;

/** `sizeBytes` is rounded up to a power of two. */
export function createRing(sizeBytes: number): Ring {
  const size = 2 ** Math.ceil(Math.log2(Math.max(RESERVED_BYTES * 4, sizeBytes)));
  return new SharedArrayBuffer(CONTROL_BYTES + size);
}

class RingEnd {
  protected readonly control: Int32Array;
  protected readonly data: Uint8Array;
  protected readonly view: DataView;
  protected readonly mask: number;

  constructor(ring: Ring) {
    this.control = new Int32Array(ring, 0, 4);
    this.data = new Uint8Array(ring, CONTROL_BYTES);
    this.view = new DataView(ring, CONTROL_BYTES);
    this.mask = this.data.length - 1;
  }

  get sizeBytes(): number {
    return this.data.length;
  }

  /** Bytes that are in it. */
  get used(): number {
    return (Atomics.load(this.control, HEAD) - Atomics.load(this.control, TAIL)) >>> 0;
  }
}

export class RingWriter extends RingEnd {
  /** Longer ones have to be cut. */
  get longestBytes(): number {
    return this.data.length / 8;
  }

  /** So many bytes, and a word on what is missing before them, can be written without what is reserved. */
  hasRoomFor(length: number): boolean {
    return this.data.length - this.used >= HEADER_BYTES * 3 + length + RESERVED_BYTES;
  }

  /** false: there is no room, and nothing was written. */
  write({ kind, direction, connection, at, bytes }: Entry): boolean {
    const taken = HEADER_BYTES + ((bytes.length + 7) & ~7);
    const reserved = kind === 'open' || kind === 'close' ? 0 : RESERVED_BYTES;
    if (this.data.length - this.used < taken + reserved) return false;
    const head = Atomics.load(this.control, HEAD);
    const start = head & this.mask;
    this.view.setUint32(start, bytes.length, true);
    // Entries begin at multiples of 8, but a header may be cut by the end of the ring after 8 or 16 bytes.
    const second = (start + 8) & this.mask;
    this.view.setUint8(start + 4, kinds.indexOf(kind));
    this.view.setUint8(start + 5, direction);
    this.view.setUint32(second, connection, true);
    this.view.setFloat64((start + 16) & this.mask, at, true);
    this.#copy((start + HEADER_BYTES) & this.mask, bytes);
    Atomics.store(this.control, HEAD, (head + taken) | 0);
    return true;
  }

  /** Says once that the reader has gone to sleep, so it has to be woken. */
  takeSleep(): boolean {
    return Atomics.compareExchange(this.control, ASLEEP, 1, 0) === 1;
  }

  #copy(start: number, bytes: Uint8Array): void {
    const room = this.data.length - start;
    if (bytes.length <= room) {
      this.data.set(bytes, start);
      return;
    }
    this.data.set(bytes.subarray(0, room), start);
    this.data.set(bytes.subarray(room), 0);
  }
}

export class RingReader extends RingEnd {
  /** Of the entry that was read last: its place is free when the next is read. */
  #heldBytes = 0;

  /** Another number when something was written since. */
  get written(): number {
    return Atomics.load(this.control, HEAD);
  }

  /** The next entry; `undefined` when there is none. */
  read(): Entry | undefined {
    this.#release();
    if (this.used === 0) return undefined;
    const start = Atomics.load(this.control, TAIL) & this.mask;
    const length = this.view.getUint32(start, true);
    this.#heldBytes = HEADER_BYTES + ((length + 7) & ~7);
    return {
      kind: kinds[this.view.getUint8(start + 4)] ?? 'gap',
      direction: this.view.getUint8(start + 5) === 0 ? 0 : 1,
      connection: this.view.getUint32((start + 8) & this.mask, true),
      at: this.view.getFloat64((start + 16) & this.mask, true),
      bytes: this.#bytesAt((start + HEADER_BYTES) & this.mask, length),
    };
  }

  /** The next write wakes; true when there is something to read after all. */
  sleep(): boolean {
    this.#release();
    Atomics.store(this.control, ASLEEP, 1);
    if (this.used === 0) return false;
    Atomics.store(this.control, ASLEEP, 0);
    return true;
  }

  #release(): void {
    if (this.#heldBytes > 0) Atomics.add(this.control, TAIL, this.#heldBytes);
    this.#heldBytes = 0;
  }

  /** A view, or a copy of what the end of the ring cuts in two. */
  #bytesAt(start: number, length: number): Uint8Array {
    const room = this.data.length - start;
    if (length <= room) return this.data.subarray(start, start + length);
    const bytes = new Uint8Array(length);
    bytes.set(this.data.subarray(start));
    bytes.set(this.data.subarray(0, length - room), room);
    return bytes;
  }
}
