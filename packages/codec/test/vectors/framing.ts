/** A number below 128 as one byte, a larger one in groups of seven bits, the lowest first. */
export function lengthOctets(value: number): number[] {
  if (value < 128) return [value];
  return [(value % 128) + 128, ...lengthOctets(Math.floor(value / 128))];
}

/** A packet of the given first byte and body, with the Remaining Length that fits. */
export function framed(firstByte: number, body: ArrayLike<number>): Uint8Array {
  const length = lengthOctets(body.length);
  const bytes = new Uint8Array(1 + length.length + body.length);
  bytes.set([firstByte, ...length]);
  bytes.set(body, 1 + length.length);
  return bytes;
}

/** What follows the fixed header of a packet. */
export function bodyOf(bytes: Uint8Array): Uint8Array {
  let at = 1;
  while ((bytes[at] ?? 0) >= 128) at += 1;
  return bytes.subarray(at + 1);
}
