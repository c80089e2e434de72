/** Reads what `ByteWriter` wrote. Views, not copies. Reading beyond the end throws a `RangeError`. */
export class ByteReader {
  readonly #bytes: Buffer;
  #at: number;

  constructor(bytes: Uint8Array, at = 0) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    this.#at = at;
  }

  get at(): number {
    return this.#at;
  }

  get rest(): number {
    return this.#bytes.length - this.#at;
  }

  byte(): number {
    const value = this.#bytes.readUInt8(this.#at);
    this.#at += 1;
    return value;
  }

  uint16(): number {
    const value = this.#bytes.readUInt16LE(this.#at);
    this.#at += 2;
    return value;
  }

  uint32(): number {
    const value = this.#bytes.readUInt32LE(this.#at);
    this.#at += 4;
    return value;
  }

  number(): number {
    const value = this.#bytes.readDoubleLE(this.#at);
    this.#at += 8;
    return value;
  }

  /** A `Buffer`: for SQLite. */
  buffer(length: number): Buffer {
    if (length > this.rest) throw new RangeError(`${length} bytes are wanted, and ${this.rest} are left`);
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }

  /** A plain `Uint8Array`: for users, to whom a `Buffer` would behave differently. */
  bytes(length: number): Uint8Array {
    const { buffer, byteOffset } = this.buffer(length);
    return new Uint8Array(buffer, byteOffset, length);
  }

  text(): string {
    return this.buffer(this.uint32()).toString();
  }

  sizedBytes(): Uint8Array {
    return this.bytes(this.uint32());
  }
}
