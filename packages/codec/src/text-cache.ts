/**
 * The short ASCII strings that were decoded last, found again by their bytes.
 *
 * Topics and property names repeat. Finding the string costs half of making it, and since the same string comes back,
 * whoever looks it up in a map finds its hash computed. The size is fixed, and a peer that fills the cache with rubbish
 * only costs others a decoding.
 */
/** The longest string that is remembered. */
const SLOT_BYTES = 96;
/** 2^32 by the golden ratio: neighbours are spread far apart. */
const GOLDEN = 0x9e37_79b1;

export class TextCache {
  /** The bytes of each slot. Made on first use: most programs that import the codec are not yet connected. */
  #keys: Uint8Array | undefined;
  readonly #texts: string[] = [];
  readonly #slotBits: number;

  /** Remembers up to `2 ** slotBits` strings. */
  constructor(slotBits: number) {
    this.#slotBits = slotBits;
  }

  /** The string that these bytes stand for, if it was remembered. */
  recall(bytes: Uint8Array, start: number, end: number): string | undefined {
    const length = end - start;
    const keys = this.#keys;
    if (length > SLOT_BYTES || keys === undefined) return undefined;
    const slot = hashOf(bytes, start, end) >>> (32 - this.#slotBits);
    const text = this.#texts[slot] as string;
    if (text.length !== length) return undefined;
    const shift = slot * SLOT_BYTES - start;
    for (let at = start; at < end; at += 1) {
      if (bytes[at] !== keys[at + shift]) return undefined;
    }
    return text;
  }

  /** `text` is what the bytes stand for, and all ASCII. */
  remember(bytes: Uint8Array, start: number, end: number, text: string): void {
    if (end - start > SLOT_BYTES) return;
    const keys = (this.#keys ??= this.#open());
    const slot = hashOf(bytes, start, end) >>> (32 - this.#slotBits);
    this.#texts[slot] = text;
    const shift = slot * SLOT_BYTES - start;
    for (let at = start; at < end; at += 1) keys[at + shift] = bytes[at] as number;
  }

  #open(): Uint8Array {
    const slots = 2 ** this.#slotBits;
    for (let slot = 0; slot < slots; slot += 1) this.#texts.push('');
    return new Uint8Array(slots * SLOT_BYTES);
  }
}

// All bytes count, since topics often differ by one digit in the middle; four at a time, since multiplying is slow.
// Every bit of the input reaches the highest bits of the product, so those are the ones to use.
function hashOf(bytes: Uint8Array, start: number, end: number): number {
  let hash = end - start;
  let at = start;
  for (; at + 4 <= end; at += 4) {
    const four =
      (bytes[at] as number) |
      ((bytes[at + 1] as number) << 8) |
      ((bytes[at + 2] as number) << 16) |
      ((bytes[at + 3] as number) << 24);
    hash = Math.imul(hash ^ four, GOLDEN);
  }
  for (; at < end; at += 1) hash = Math.imul(hash ^ (bytes[at] as number), GOLDEN);
  return hash;
}
