/** Payloads that say which message they belong to, and show when a byte is wrong. */
export function makePayload(number: number, bytes: number): Uint8Array {
  const payload = new Uint8Array(Math.max(4, bytes)).fill(number & 0xff);
  payload[0] = number >>> 24;
  payload[1] = number >>> 16;
  payload[2] = number >>> 8;
  payload[3] = number;
  return payload;
}

/** -1 for a payload that nobody made. */
export function numberOfPayload(payload: Uint8Array, bytes?: number): number {
  if (payload.length < 4 || (bytes !== undefined && payload.length !== Math.max(4, bytes))) return -1;
  const number = new DataView(payload.buffer, payload.byteOffset).getUint32(0);
  for (let index = 4; index < payload.length; index += 1) {
    if (payload[index] !== (number & 0xff)) return -1;
  }
  return number;
}
