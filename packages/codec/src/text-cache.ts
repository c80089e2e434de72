/**
 * The short ASCII strings that were decoded last, found again by their bytes.
 *
 * Topics and property names repeat. Finding the string costs a third of making it, and since the same string comes
 * back, whoever looks it up in a map finds its hash computed. The cache belongs to the module: it is of fixed size, and
 * a peer that fills it with rubbish only costs others a decoding.
 */
const SLOTS = 512;
const SLOT_BYTES = 128;

// Made on first use: most programs that import the codec are not yet connected.
let keys: Uint8Array | undefined;
const texts: string[] = [];

/** The string that these bytes stand for, if it was remembered. */
export function recallText(bytes: Uint8Array, start: number, end: number): string | undefined {
  const length = end - start;
  if (length > SLOT_BYTES || keys === undefined) return undefined;
  const slot = slotOf(bytes, start, end);
  const text = texts[slot];
  if (text === undefined || text.length !== length) return undefined;
  let key = slot * SLOT_BYTES;
  for (let at = start; at < end; at += 1) {
    if (bytes[at] !== keys[key]) return undefined;
    key += 1;
  }
  return text;
}

/** Decodes bytes that are all ASCII, and remembers the result if it is short. */
export function rememberText(bytes: Uint8Array, start: number, end: number): string {
  const text = decodeAscii(bytes, start, end);
  if (end - start > SLOT_BYTES) return text;
  keys ??= new Uint8Array(SLOTS * SLOT_BYTES);
  const slot = slotOf(bytes, start, end);
  while (texts.length <= slot) texts.push('');
  texts[slot] = text;
  let key = slot * SLOT_BYTES;
  for (let at = start; at < end; at += 1) keys[key++] = bytes[at] as number;
  return text;
}

// FNV-1a over all bytes: topics often differ by one digit in the middle.
function slotOf(bytes: Uint8Array, start: number, end: number): number {
  let hash = 0x811c_9dc5;
  for (let at = start; at < end; at += 1) hash = Math.imul(hash ^ (bytes[at] as number), 0x0100_0193);
  return (hash ^ (hash >>> 15)) & (SLOTS - 1);
}

// Eight at a time is the fastest way that needs nothing of the runtime; one call with all would overflow the stack.
function decodeAscii(bytes: Uint8Array, start: number, end: number): string {
  let text = '';
  let at = start;
  for (; at + 8 <= end; at += 8) {
    text += String.fromCharCode(
      bytes[at] as number,
      bytes[at + 1] as number,
      bytes[at + 2] as number,
      bytes[at + 3] as number,
      bytes[at + 4] as number,
      bytes[at + 5] as number,
      bytes[at + 6] as number,
      bytes[at + 7] as number,
    );
  }
  for (; at < end; at += 1) text += String.fromCharCode(bytes[at] as number);
  return text;
}
