/** Reads numbers and parts of bytes in their order, and counts what is read, so that nothing made on purpose takes for ever. */
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
    try {
      return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(this.bytes(count));
    } catch {
      throw new NotThisFormat();
    }
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

function smallest(value: bigint): number | bigint {
  return value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER ? Number(value) : value;
}
