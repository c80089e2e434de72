/** Payloads: bytes on the wire, text for convenience. */
import { InvalidOptionError } from './errors.ts';

export type Payload = string | Uint8Array | ArrayBuffer;

/** A text becomes UTF-8; bytes are taken as they are, so do not change them before they are sent. */
export function toBytes(payload: Payload): Uint8Array {
  if (typeof payload === 'string') return payload === '' ? NOTHING : encoder.encode(payload);
  if (payload instanceof Uint8Array) return payload;
  // A number would become so many zeros.
  if (!(payload instanceof ArrayBuffer)) throw new InvalidOptionError('payload', 'is a text or bytes');
  return new Uint8Array(payload);
}

export function toText(bytes: Uint8Array): string {
  return decoder.decode(bytes);
}

const NOTHING = new Uint8Array(0);
const encoder = new TextEncoder();
const decoder = new TextDecoder();
