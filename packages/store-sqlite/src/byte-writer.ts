/** Bytes that grow at their end. Numbers are little-endian. */
export class ByteWriter {
  #bytes: Buffer<ArrayBuffer>;
  #length = 0;

  constructor(bytes: Uint8Array<ArrayBuffer>) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  }

  get length(): number {
    return this.#length;
  }

  /** Forgets what was written behind this place. */
  truncate(length: number): void {
    this.#length = length;
  }

  /** What was written, as a view: nothing may be written afterwards. */
  finish(): Uint8Array<ArrayBuffer> {
    // Not a `Buffer`, whose `slice` does not copy.
    return new Uint8Array(this.#bytes.buffer, this.#bytes.byteOffset, this.#length);
  }

  byte(value: number): void {
    this.#reserve(1);
    this.#bytes[this.#length] = value;
    this.#length += 1;
  }

  uint16(value: number): void {
    this.#reserve(2);
    this.#length = this.#bytes.writeUInt16LE(value, this.#length);
  }

  uint32(value: number): void {
    this.#reserve(4);
    this.#length = this.#bytes.writeUInt32LE(value, this.#length);
  }

  number(value: number): void {
    this.#reserve(8);
    this.#length = this.#bytes.writeDoubleLE(value, this.#length);
  }

  bytes(value: Uint8Array): void {
    this.#reserve(value.length);
    this.#bytes.set(value, this.#length);
    this.#length += value.length;
  }

  /** UTF-8 behind its length in bytes, four of them. */
  text(value: string): void {
    // A UTF-16 unit takes at most three bytes.
    this.#reserve(4 + value.length * 3);
    const written = this.#bytes.write(value, this.#length + 4);
    this.#bytes.writeUInt32LE(written, this.#length);
    this.#length += 4 + written;
  }

  /** Behind its length, four bytes of it. */
  sizedBytes(value: Uint8Array): void {
    this.uint32(value.length);
    this.bytes(value);
  }

  setUint32(at: number, value: number): void {
    this.#bytes.writeUInt32LE(value, at);
  }

  setNumber(at: number, value: number): void {
    this.#bytes.writeDoubleLE(value, at);
  }

  setByte(at: number, value: number): void {
    this.#bytes[at] = value;
  }

  #reserve(count: number): void {
    const needed = this.#length + count;
    if (needed <= this.#bytes.length) return;
    const larger = Buffer.from(new ArrayBuffer(Math.max(needed, this.#bytes.length * 2)));
    larger.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = larger;
  }
}
