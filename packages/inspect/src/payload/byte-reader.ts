/** Reads numbers and parts of bytes in their order, and counts what is read, so that nothing made on purpose takes for ever. */
import { textOf } from '../platform-text.ts';
import { MOST_DEPTH, MOST_PARTS, NotThisFormat } from './decoded-value.ts';

export class ByteReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #at = 0;
  #parts = 0;
  #depth = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** How much has been read. */
  get at(): number {
    return this.#at;
  }

  get isAtEnd(): boolean {
    return this.#at === this.#bytes.length;
  }

  u8(): number {
    return this.#view.getUint8(this.#take(1));
  }

  u16(): number {
    return this.#view.getUint16(this.#take(2));
  }

  u32(): number {
    return this.#view.getUint32(this.#take(4));
  }

  /** A number while it can be one exactly. */
  u64(): number | bigint {
    return smallest(this.#view.getBigUint64(this.#take(8)));
  }

  signed(bytes: 1 | 2 | 4 | 8): number | bigint {
    const at = this.#take(bytes);
    if (bytes === 1) return this.#view.getInt8(at);
    if (bytes === 2) return this.#view.getInt16(at);
    return bytes === 4 ? this.#view.getInt32(at) : smallest(this.#view.getBigInt64(at));
  }

  f16(): number {
    const half = this.u16();
    const [exponent, fraction] = [(half >> 10) & 31, half & 1023];
    const sign = half & 0x8000 ? -1 : 1;
    if (exponent === 31) return fraction === 0 ? sign * Infinity : Number.NaN;
    return sign * (exponent === 0 ? fraction * 2 ** -24 : (1 + fraction / 1024) * 2 ** (exponent - 15));
  }

  f32(): number {
    return this.#view.getFloat32(this.#take(4));
  }

  f64(): number {
    return this.#view.getFloat64(this.#take(8));
  }

  bytes(count: number | bigint): Uint8Array {
    const at = this.#take(Number(count));
    return this.#bytes.subarray(at, this.#at);
  }

  text(count: number | bigint): string {
    const text = textOf(this.bytes(count));
    if (text === undefined) throw new NotThisFormat();
    return text;
  }

  /** Little endian, as protocol buffers have it. */
  littleF32(): number {
    return this.#view.getFloat32(this.#take(4), true);
  }

  littleF64(): number {
    return this.#view.getFloat64(this.#take(8), true);
  }

  /** Seven bits a byte, the lowest first. */
  varint(): bigint {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = this.u8();
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return BigInt.asUintN(64, value);
    }
    throw new NotThisFormat();
  }

  /** So many parts, each read by `read`. */
  list<Part>(count: number | bigint, read: () => Part): Part[] {
    // Each takes a byte at least.
    if (Number(count) > this.#bytes.length - this.#at) throw new NotThisFormat();
    return this.deeper(() => Array.from({ length: Number(count) }, read));
  }

  deeper<Part>(read: () => Part): Part {
    this.#depth += 1;
    if (this.#depth > MOST_DEPTH) throw new NotThisFormat();
    const part = read();
    this.#depth -= 1;
    return part;
  }

  countPart(): void {
    this.#parts += 1;
    if (this.#parts > MOST_PARTS) throw new NotThisFormat();
  }

  #take(count: number): number {
    const at = this.#at;
    if (count > this.#bytes.length - at) throw new NotThisFormat();
    this.#at += count;
    return at;
  }
}

/** A number while it can be one exactly. */
export function smallest(value: bigint): number | bigint {
  return value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER ? Number(value) : value;
}
