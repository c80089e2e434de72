/** What the codec takes from Node and from runtimes with its Buffer: the fast form of `platform.ts`. */
import { decodeUtf8 as decodeStrictly } from './platform.ts';
import type { ReadText, WriteText } from './text.ts';
import { TextCache } from './text-cache.ts';
import { WrittenTexts } from './written-texts.ts';

export { readMessageProperties, writeMessageProperties } from './message-properties.ts';
export { encodeUtf8 } from './platform.ts';

// What `toString` comes down to, one call earlier.
declare const Buffer: {
  readonly prototype: {
    latin1Slice(this: Uint8Array, start: number, end: number): string;
    utf8Slice(this: Uint8Array, start: number, end: number): string;
  };
};

// As a method of whatever bytes it is called on.
const { prototype } = Buffer;

/** Throws a TypeError when the bytes are not well-formed UTF-8, surrogates and overlong forms included. */
export function decodeUtf8(bytes: Uint8Array, start: number, end: number): string {
  const text = prototype.utf8Slice.call(bytes, start, end);
  // Ill-formed bytes have turned into U+FFFD; but so may a sender have written it.
  return text.includes('\ufffd') ? decodeStrictly(bytes, start, end) : text;
}

/** `read`, but for the texts that came lately, up to `2 ** slotBits`. */
export function cached(read: ReadText, slotBits: number): ReadText {
  const cache = new TextCache(slotBits);
  return (reader, start, end, statement) => {
    const { bytes } = reader;
    const words = (reader.words ??= new DataView(bytes.buffer, bytes.byteOffset, bytes.length));
    const known = cache.recall(words, start, end);
    if (known !== undefined) return known;
    const text = isPlain(words, start, end)
      ? prototype.latin1Slice.call(bytes, start, end)
      : read(reader, start, end, statement);
    return cache.remember(words, start, text);
  };
}

/** Whether there is nothing to be checked: ASCII without U+0000 and wildcards, four bytes at a time. */
function isPlain(words: DataView, start: number, end: number): boolean {
  const last = end - 4;
  if (start > last) return false;
  let odd = oddness(words.getInt32(last, true));
  for (let at = start; at < last; at += 4) odd |= oddness(words.getInt32(at, true));
  return (odd & HIGHEST_BITS) === 0;
}

// Where all bytes are ASCII, subtracting one from each sets the highest bit of a zero. `#` and `+` differ in one bit.
function oddness(word: number): number {
  const wildcards = (word | 0x0808_0808) ^ 0x2b2b_2b2b;
  return word | (word - 0x0101_0101) | (wildcards - 0x0101_0101);
}

const HIGHEST_BITS = 0x8080_8080;

/** `write`, but for the texts that were written lately. */
export function remembered(write: WriteText): WriteText {
  const written = new WrittenTexts();
  return (writer, text, field, statement) => {
    if (written.write(writer, text)) return;
    const start = writer.at;
    write(writer, text, field, statement);
    written.remember(writer, text, start);
  };
}
