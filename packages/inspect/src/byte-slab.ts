/**
 * Copies of many small pieces of bytes, side by side in large buffers: a buffer for each would take ten times as much
 * memory as a small packet. A buffer goes when the last of its pieces has gone.
 */
const SLAB_BYTES = 65_536;
/** A larger piece has a buffer of its own, so that it goes alone. */
const LARGEST_SHARED_BYTES = 4096;

export class ByteSlab {
  #slab: Uint8Array = new Uint8Array(0);
  #used = 0;

  copyOf(bytes: Uint8Array): Uint8Array {
    const { length } = bytes;
    if (length > LARGEST_SHARED_BYTES) return bytes.slice();
    if (this.#used + length > this.#slab.length) {
      this.#slab = new Uint8Array(SLAB_BYTES);
      this.#used = 0;
    }
    const copy = this.#slab.subarray(this.#used, this.#used + length);
    copy.set(bytes);
    this.#used += length;
    return copy;
  }
}
