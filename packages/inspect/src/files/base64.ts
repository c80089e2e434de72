/** Base64, which not every runtime has for bytes. */

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const values: ReadonlyMap<string, number> = new Map(Array.from(ALPHABET, (character, index) => [character, index]));

export function toBase64(bytes: Uint8Array): string {
  const parts: string[] = [];
  for (let at = 0; at < bytes.length; at += 3) {
    const [first = 0, second, third] = bytes.subarray(at, at + 3);
    const word = (first << 16) | ((second ?? 0) << 8) | (third ?? 0);
    parts.push(
      `${ALPHABET[word >>> 18]}${ALPHABET[(word >>> 12) & 63]}` +
        `${second === undefined ? '=' : ALPHABET[(word >>> 6) & 63]}${third === undefined ? '=' : ALPHABET[word & 63]}`,
    );
  }
  return parts.join('');
}

/** `undefined` when the text is no base64. */
export function fromBase64(text: string): Uint8Array | undefined {
  if (text.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(text)) return undefined;
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  const bytes = new Uint8Array((text.length / 4) * 3 - padding);
  for (let at = 0; at < text.length; at += 4) {
    let word = 0;
    for (let index = 0; index < 4; index += 1) word = (word << 6) | (values.get(text[at + index] as string) ?? 0);
    const to = (at / 4) * 3;
    bytes[to] = word >>> 16;
    if (to + 1 < bytes.length) bytes[to + 1] = word >>> 8;
    if (to + 2 < bytes.length) bytes[to + 2] = word;
  }
  return bytes;
}
