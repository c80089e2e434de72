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

export class TextCache {
  /** The bytes of each slot. Made on first use: most programs that import the codec are not yet connected. */
  #keys: Int32Array | undefined;
  readonly #texts: string[] = [];
  readonly #slotBits: number;
  /** Where the string belongs that was looked for last and not found; -1 when it is not to be remembered. */
  #slot = -1;
  /** How many bytes it has there. */
  #length = 0;
  #patience = PATIENCE;
  #rest = 0;

  /** Remembers up to `2 ** slotBits` strings. */
  constructor(slotBits: number) {
    this.#slotBits = slotBits;
  }

  /** The string that these bytes stand for, if it was remembered. */
  recall(words: DataView, start: number, end: number): string | undefined {
    this.#slot = -1;
    const length = end - start;
    if (length > SLOT_WORDS * 4) return undefined;
    if (this.#rest > 0) {
      this.#rest -= 1;
      return undefined;
    }
    const keys = (this.#keys ??= this.#open());
    const slot = hashOf(words, start, length) >>> (32 - this.#slotBits);
    const text = this.#texts[slot] as string;
    if (text.length === length && isAt(keys, slot * SLOT_WORDS, words, start, length)) {
      if (this.#patience < PATIENCE) this.#patience += 2;
      return text;
    }
    this.#slot = slot;
    this.#length = length;
    return undefined;
  }

  /** Remembers, and returns, what `recall` has just not found, unless so many bytes are more than ASCII needs. */
  remember(words: DataView, start: number, text: string): string {
    const slot = this.#slot;
    const keys = this.#keys;
    const length = this.#length;
    if (slot === -1 || keys === undefined || text.length !== length) return text;
    if (this.#texts[slot] !== '') this.#pushOut();
    this.#texts[slot] = text;
    let word = slot * SLOT_WORDS;
    let at = start;
    for (const last = start + length - 4; at < last; at += 4) keys[word++] = words.getInt32(at, true);
    keys[word] = lastWord(words, start, length);
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
function hashOf(words: DataView, start: number, length: number): number {
  let hash = length;
  let at = start;
  for (const last = start + length - 4; at < last; at += 4) hash = Math.imul(hash ^ words.getInt32(at, true), GOLDEN);
  return Math.imul(hash ^ lastWord(words, start, length), GOLDEN);
}

function isAt(keys: Int32Array, first: number, words: DataView, start: number, length: number): boolean {
  let word = first;
  let at = start;
  for (const last = start + length - 4; at < last; at += 4) {
    if (keys[word++] !== words.getInt32(at, true)) return false;
  }
  return keys[word] === lastWord(words, start, length);
}

/** The last four bytes, some of which the word before may have as well; or all, where they are fewer. */
function lastWord(words: DataView, start: number, length: number): number {
  if (length >= 4) return words.getInt32(start + length - 4, true);
  let few = 0;
  for (let at = start; at < start + length; at += 1) few = (few << 8) | words.getUint8(at);
  return few;
}
