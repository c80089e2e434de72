/** Payloads: bytes on the wire, text for convenience. */
import { InvalidOptionError } from './errors.ts';

export type Payload = string | Uint8Array | ArrayBuffer;

/** A text becomes UTF-8; bytes are taken as they are, so do not change them before they are sent. */
export function toBytes(payload: Payload): Uint8Array {
  if (typeof payload === 'string') return encodeText(payload);
  if (payload instanceof Uint8Array) return payload;
  // A number would become so many zeros.
  if (!(payload instanceof ArrayBuffer)) throw new InvalidOptionError('payload', 'is a text or bytes');
  return new Uint8Array(payload);
}

// `encode` takes Node eight times as long for a short text: most of it goes into making its memory.
function encodeText(text: string): Uint8Array {
  if (text === '') return NOTHING;
  if (text.length * MOST_BYTES_OF_A_UNIT > scratch.length) return encoder.encode(text);
  return scratch.slice(0, encoder.encodeInto(text, scratch).written);
}

export function toText(bytes: Uint8Array): string {
  return decoder.decode(bytes);
}

const NOTHING = new Uint8Array(0);
/** Of UTF-8, for a code unit of a text. */
const MOST_BYTES_OF_A_UNIT = 3;
const scratch = new Uint8Array(4096);
const encoder = new TextEncoder();
const decoder = new TextDecoder();
