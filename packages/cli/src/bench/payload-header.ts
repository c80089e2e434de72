/**
 * The first bytes of a payload: which publisher sent it, its number, and when. Big endian.
 *
 *     magic u32 · publisher u32 · number f64 · milliseconds since 1970 f64
 */
export const HEADER_BYTES = 24;
const MAGIC = 0x4f6d5142;

export interface PayloadHeader {
  readonly publisher: number;
  readonly number: number;
  readonly at: number;
}

/** So much is taken from the system at once: a buffer for each payload would cost more than sending it. */
const SLAB_BYTES = 65_536;

/** New payloads of one size: the client may hold the last ones still. */
export class Payloads {
  readonly #bytes: number;
  #slab = new Uint8Array(0);
  #view = new DataView(this.#slab.buffer);
  #used = 0;

  constructor(bytes: number) {
    this.#bytes = bytes;
  }

  next(publisher: number, number: number, at: number): Uint8Array {
    if (this.#used + this.#bytes > this.#slab.length) {
      this.#slab = new Uint8Array(Math.max(SLAB_BYTES, this.#bytes));
      this.#view = new DataView(this.#slab.buffer);
      this.#used = 0;
    }
    const start = this.#used;
    this.#view.setUint32(start, MAGIC);
    this.#view.setUint32(start + 4, publisher);
    this.#view.setFloat64(start + 8, number);
    this.#view.setFloat64(start + 16, at);
    this.#used = start + this.#bytes;
    return this.#slab.subarray(start, this.#used);
  }
}

/** Nothing for a message that is not ours. */
export function readHeader(payload: Uint8Array): PayloadHeader | undefined {
  if (payload.length < HEADER_BYTES) return undefined;
  const view = new DataView(payload.buffer, payload.byteOffset, HEADER_BYTES);
  if (view.getUint32(0) !== MAGIC) return undefined;
  return { publisher: view.getUint32(4), number: view.getFloat64(8), at: view.getFloat64(16) };
}
