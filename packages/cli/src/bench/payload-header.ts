/**
 * The first bytes of a payload: which publisher sent it, its number, and when. Big endian.
 *
 *     magic u32 · publisher u32 · number f64 · milliseconds since 1970 f64
 */
export const HEADER_BYTES = 24;
export const NUMBER_AT = 8;
export const TIME_AT = 16;
const MAGIC = 0x4f6d5142;

export interface PayloadHeader {
  readonly publisher: number;
  readonly number: number;
  readonly at: number;
}

export function writeSource(view: DataView, start: number, publisher: number): void {
  view.setUint32(start, MAGIC);
  view.setUint32(start + 4, publisher);
}

/** Nothing for a message that is not ours. */
export function readHeader(payload: Uint8Array): PayloadHeader | undefined {
  if (payload.length < HEADER_BYTES) return undefined;
  const view = new DataView(payload.buffer, payload.byteOffset, HEADER_BYTES);
  if (view.getUint32(0) !== MAGIC) return undefined;
  return { publisher: view.getUint32(4), number: view.getFloat64(NUMBER_AT), at: view.getFloat64(TIME_AT) };
}
