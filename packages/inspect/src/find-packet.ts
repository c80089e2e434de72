/** Where packets begin: how long one is by its header, and the first one in bytes that begin in the middle of one. */

const LONGEST_HEADER = 5;
/** So many headers that lead to each other are no accident. */
const HEADERS_IN_A_ROW = 3;
/** Of bytes that look like packets over and over, and are none. */
const MOST_TRIES = 32;

const [PUBLISH, PUBREL, SUBSCRIBE, UNSUBSCRIBE] = [3, 6, 8, 10];

/** The size of the packet that begins at `start`; 0: its header is unfinished; -1: its length never ends. */
export function packetSizeAt(bytes: Uint8Array, start: number, end: number): number {
  let length = 0;
  for (let index = 0; index < 4; index += 1) {
    const at = start + 1 + index;
    if (at >= end) return 0;
    const byte = bytes[at] as number;
    length += (byte & 0x7f) * 0x80 ** index;
    if (byte < 0x80) return at + 1 - start + length;
  }
  // The fifth byte belongs to the fault.
  return start + LONGEST_HEADER <= end ? -1 : 0;
}

/** -1: none that can be told from what only looks like one. */
export function findPacket(bytes: Uint8Array, isSound: (packet: Uint8Array) => boolean): number {
  let tries = 0;
  for (let at = 0; at < bytes.length && tries < MOST_TRIES; at += 1) {
    if (!leadsOn(bytes, at)) continue;
    tries += 1;
    if (isSound(bytes.subarray(at, at + packetSizeAt(bytes, at, bytes.length)))) return at;
  }
  return -1;
}

/** A whole packet by its header, and behind it others, or the end of the bytes after at least one more. */
function leadsOn(bytes: Uint8Array, start: number): boolean {
  let at = start;
  for (let count = 0; count < HEADERS_IN_A_ROW; count += 1) {
    if (at === bytes.length) return count > 1;
    const size = packetSizeAt(bytes, at, bytes.length);
    if (size <= 0 || !isFirstByte(bytes[at] as number)) return false;
    at += size;
    if (at > bytes.length) return count === HEADERS_IN_A_ROW - 1;
  }
  return true;
}

function isFirstByte(first: number): boolean {
  const [type, flags] = [first >>> 4, first & 0x0f];
  // Neither both QoS bits, nor DUP without QoS.
  if (type === PUBLISH) return (flags & 0b0110) !== 0b0110 && (flags & 0b1110) !== 0b1000;
  const isMarked = type === PUBREL || type === SUBSCRIBE || type === UNSUBSCRIBE;
  return type !== 0 && flags === (isMarked ? 0b0010 : 0);
}
