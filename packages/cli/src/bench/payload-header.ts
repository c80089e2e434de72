/**
 * The first bytes of a payload: which publisher sent it, its number, and when. Big endian.
 *
 *     magic u32 · publisher u32 · number f64 · milliseconds since 1970 f64
 */
export const HEADER_BYTES = 24;
const MAGIC = 0x4f6d5142;

export interface PayloadHeader {
  readonly publisher: number;
  readonly number: number;
  readonly at: number;
}

/** A new payload: the client may hold the last one still. */
export function payloadWith({ publisher, number, at }: PayloadHeader, bytes: number): Uint8Array {
  const payload = new Uint8Array(bytes);
  const view = new DataView(payload.buffer);
  view.setUint32(0, MAGIC);
  view.setUint32(4, publisher);
  view.setFloat64(8, number);
  view.setFloat64(16, at);
  return payload;
}

/** Nothing for a message that is not ours. */
export function readHeader(payload: Uint8Array): PayloadHeader | undefined {
  if (payload.length < HEADER_BYTES) return undefined;
  const view = new DataView(payload.buffer, payload.byteOffset, HEADER_BYTES);
  if (view.getUint32(0) !== MAGIC) return undefined;
  return { publisher: view.getUint32(4), number: view.getFloat64(8), at: view.getFloat64(16) };
}
