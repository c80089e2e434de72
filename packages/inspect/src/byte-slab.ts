/**
 * Copies of many small pieces of bytes, side by side in large buffers: a buffer for each would take ten times as much
 * memory as a small packet. A buffer goes when the last of its pieces has gone.
 */
const SLAB_BYTES = 65_536;
/** A larger piece has a buffer of its own, so that it goes alone. */
const LARGEST_SHARED_BYTES = 4096;
/** More that come back at once are left to the collector. */
const MOST_SPARE = 64;
/** Not in Node 20, nor in browsers before 2024. */
const canReuse = 'transfer' in ArrayBuffer.prototype;

interface Transferable extends ArrayBuffer {
  transfer(): ArrayBuffer;
}

export class ByteSlab {
  readonly #isReused: boolean;
  #slab: Uint8Array = new Uint8Array(0);
  #used = 0;
  /** Buffers that come back, in the order of their pieces. */
  readonly #lent = new Set<ArrayBufferLike>();
  readonly #spare: ArrayBuffer[] = [];

  constructor({ isReused = false }: { readonly isReused?: boolean } = {}) {
    this.#isReused = isReused && canReuse;
  }

  copyOf(bytes: Uint8Array): Uint8Array {
    const { length } = bytes;
    if (length > LARGEST_SHARED_BYTES) return bytes.slice();
    if (this.#used + length > this.#slab.length) this.#begin();
    const copy = this.#slab.subarray(this.#used, this.#used + length);
    copy.set(bytes);
    this.#used += length;
    return copy;
  }

  /**
   * Takes back the buffers whose pieces are all older than those in `oldest`; without it, of all pieces. They become
   * empty for whoever has them still, and never show what comes later.
   */
  reuseBefore(oldest: ArrayBufferLike | undefined): void {
    // One that is not lent is that of a piece that has its own.
    if (oldest !== undefined && !this.#lent.has(oldest)) return;
    for (const buffer of this.#lent) {
      if (buffer === oldest || buffer === this.#slab.buffer) return;
      this.#lent.delete(buffer);
      if (this.#spare.length < MOST_SPARE) this.#spare.push((buffer as Transferable).transfer());
    }
  }

  #begin(): void {
    this.#slab = new Uint8Array(this.#spare.pop() ?? new ArrayBuffer(SLAB_BYTES));
    this.#used = 0;
    if (this.#isReused) this.#lent.add(this.#slab.buffer);
  }
}
