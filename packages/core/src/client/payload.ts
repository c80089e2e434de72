/** Payloads: bytes on the wire, text for convenience. */

export type Payload = string | Uint8Array | ArrayBuffer;

/** A text becomes UTF-8; bytes are taken as they are, so do not change them before they are sent. */
export function toBytes(payload: Payload): Uint8Array {
  if (typeof payload === 'string') return payload === '' ? NOTHING : encoder.encode(payload);
  return payload instanceof Uint8Array ? payload : new Uint8Array(payload);
}

export function toText(bytes: Uint8Array): string {
  return decoder.decode(bytes);
}

const NOTHING = new Uint8Array(0);
const encoder = new TextEncoder();
const decoder = new TextDecoder();
