/** Numbers in the bytes of a file, in either order; reading behind the end is an error of the file, not of the reader. */

export class ByteView {
  readonly bytes: Uint8Array;
  readonly #view: DataView;
  isLittleEndian: boolean;

  constructor(bytes: Uint8Array, isLittleEndian: boolean) {
    this.bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.isLittleEndian = isLittleEndian;
  }

  get length(): number {
    return this.bytes.length;
  }

  u8(at: number): number {
    return at < this.length ? this.#view.getUint8(at) : 0;
  }

  u16(at: number): number {
    return at + 2 <= this.length ? this.#view.getUint16(at, this.isLittleEndian) : 0;
  }

  u32(at: number): number {
    return at + 4 <= this.length ? this.#view.getUint32(at, this.isLittleEndian) : 0;
  }

  f64(at: number): number {
    return at + 8 <= this.length ? this.#view.getFloat64(at, this.isLittleEndian) : 0;
  }

  slice(start: number, end: number): Uint8Array {
    return this.bytes.subarray(start, Math.min(end, this.length));
  }
}
