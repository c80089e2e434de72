/** What the codec takes from Node and from runtimes with its Buffer: the fast form of `platform.ts`. */
import { decodeUtf8 as decodeStrictly } from './platform.ts';
import type { ReadText } from './text.ts';
import { TextCache } from './text-cache.ts';

export { encodeUtf8 } from './platform.ts';

// What `toString` comes down to, one call earlier.
declare const Buffer: {
  readonly prototype: { utf8Slice(this: Uint8Array, start: number, end: number): string };
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
  return (reader, start, end, statement) =>
    cache.recall(reader.bytes, start, end) ?? cache.remember(read(reader, start, end, statement), end - start);
}
