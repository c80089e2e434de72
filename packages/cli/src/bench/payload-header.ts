/**
 * The first bytes of a payload: which publisher sent it, its number, and when. Big endian.
 *
 *     magic u32 · publisher u32 · number f64 · milliseconds since 1970 f64
 */
export const HEADER_BYTES = 24;
export const NUMBER_AT = 8;
export const TIME_AT = 16;
const MAGIC = 0x4f6d5142;

export interface PayloadHeader {
  readonly publisher: number;
  readonly number: number;
  readonly at: number;
}

/** So much is taken from the system at once: a buffer for each payload would cost more than sending it. */
const SLAB_BYTES = 65_536;

/** Cuts payloads of one size out of larger pieces. */
export class PayloadSlab {
  readonly #bytes: number;
  #slab = new Uint8Array(0);
  #view = new DataView(this.#slab.buffer);
  #start = 0;
  #end = 0;

  constructor(bytes: number) {
    this.#bytes = bytes;
  }

  /** Of the payload that was cut last, as `start` is. */
  get view(): DataView {
    return this.#view;
  }

  get start(): number {
    return this.#start;
  }

  next(): Uint8Array {
    if (this.#end + this.#bytes > this.#slab.length) {
      this.#slab = new Uint8Array(Math.max(SLAB_BYTES, this.#bytes));
      this.#view = new DataView(this.#slab.buffer);
      this.#end = 0;
    }
    this.#start = this.#end;
    this.#end += this.#bytes;
    return this.#slab.subarray(this.#start, this.#end);
  }
}

export function writeSource(view: DataView, start: number, publisher: number): void {
  view.setUint32(start, MAGIC);
  view.setUint32(start + 4, publisher);
}

/** Nothing for a message that is not ours. */
export function readHeader(payload: Uint8Array): PayloadHeader | undefined {
  if (payload.length < HEADER_BYTES) return undefined;
  const view = new DataView(payload.buffer, payload.byteOffset, HEADER_BYTES);
  if (view.getUint32(0) !== MAGIC) return undefined;
  return { publisher: view.getUint32(4), number: view.getFloat64(NUMBER_AT), at: view.getFloat64(TIME_AT) };
}
