/**
 * The short strings that were decoded last, found again by their bytes.
 *
 * Topics and property names repeat. Finding the string costs a third of making it, and since the same string comes back,
 * whoever looks it up in a map finds its hash computed. The size is fixed, and a peer that fills the cache with rubbish
 * only costs others a decoding. Where hardly anything repeats, the search rests for a while.
 */
/** The longest string that is remembered, in words of four bytes. */
const SLOT_WORDS = 24;
/** 2^32 by the golden ratio: neighbours are spread far apart. */
const GOLDEN = 0x9e37_79b1;
/** So many more strings are pushed out than found twice before the search rests, and so many are read meanwhile. */
const PATIENCE = 64;
const REST = 2048;

/** The bytes that are looked for, four in each word. */
const wanted = new Int32Array(SLOT_WORDS);

export class TextCache {
  /** The bytes of each slot. Made on first use: most programs that import the codec are not yet connected. */
  #keys: Int32Array | undefined;
  readonly #texts: string[] = [];
  readonly #slotBits: number;
  /** Where the string belongs that was looked for last and not found; -1 when it is not to be remembered. */
  #slot = -1;
  #patience = PATIENCE;
  #rest = 0;

  /** Remembers up to `2 ** slotBits` strings. */
  constructor(slotBits: number) {
    this.#slotBits = slotBits;
  }

  /** The string that these bytes stand for, if it was remembered. */
  recall(bytes: Uint8Array, start: number, end: number): string | undefined {
    this.#slot = -1;
    const length = end - start;
    if (length > SLOT_WORDS * 4) return undefined;
    if (this.#rest > 0) {
      this.#rest -= 1;
      return undefined;
    }
    const keys = (this.#keys ??= this.#open());
    const slot = pack(bytes, start, end) >>> (32 - this.#slotBits);
    const text = this.#texts[slot] as string;
    if (text.length === length && isWanted(keys, slot * SLOT_WORDS, length)) {
      if (this.#patience < PATIENCE) this.#patience += 2;
      return text;
    }
    this.#slot = slot;
    return undefined;
  }

  /** Remembers, and returns, what `recall` has just not found, unless so many bytes are more than ASCII needs. */
  remember(text: string, length: number): string {
    const slot = this.#slot;
    const keys = this.#keys;
    if (slot === -1 || keys === undefined || text.length !== length) return text;
    if (this.#texts[slot] !== '') this.#pushOut();
    this.#texts[slot] = text;
    const first = slot * SLOT_WORDS;
    for (let word = 0; word * 4 < length; word += 1) keys[first + word] = wanted[word] as number;
    return text;
  }

  #pushOut(): void {
    this.#patience -= 1;
    if (this.#patience > 0) return;
    this.#patience = PATIENCE;
    this.#rest = REST;
  }

  #open(): Int32Array {
    const slots = 2 ** this.#slotBits;
    for (let slot = 0; slot < slots; slot += 1) this.#texts.push('');
    return new Int32Array(slots * SLOT_WORDS);
  }
}

// All bytes count, since topics often differ by one digit in the middle; four at a time, since multiplying is slow.
// Every bit of the input reaches the highest bits of the product, so those are the ones to use.
function pack(bytes: Uint8Array, start: number, end: number): number {
  let hash = end - start;
  let word = 0;
  let at = start;
  for (; at + 4 <= end; at += 4) {
    const four =
      (bytes[at] as number) |
      ((bytes[at + 1] as number) << 8) |
      ((bytes[at + 2] as number) << 16) |
      ((bytes[at + 3] as number) << 24);
    wanted[word++] = four;
    hash = Math.imul(hash ^ four, GOLDEN);
  }
  if (at === end) return hash;
  let few = 0;
  for (; at < end; at += 1) few = (few << 8) | (bytes[at] as number);
  wanted[word] = few;
  return Math.imul(hash ^ few, GOLDEN);
}

function isWanted(keys: Int32Array, first: number, length: number): boolean {
  for (let word = 0; word * 4 < length; word += 1) {
    if (keys[first + word] !== wanted[word]) return false;
  }
  return true;
}
