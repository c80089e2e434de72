/** Bytes from what people can type. */
import type { PlainValue } from '@omqtt/inspect';
import { PayloadError } from '../cli-error.ts';
import type { Encoding } from '../options/message-options.ts';

export function decodePayload(encoding: Exclude<Encoding, 'cbor' | 'msgpack'>, typed: Uint8Array): Uint8Array {
  if (encoding === 'text') return typed;
  const text = new TextDecoder().decode(typed);
  if (encoding === 'json') return new TextEncoder().encode(JSON.stringify(parseJson(text)));
  const digits = text.replaceAll(/\s/g, '');
  if (encoding === 'hex') return fromHex(digits.replaceAll(':', '').replace(/^0x/i, ''));
  if (!/^[A-Za-z0-9+/_-]*={0,2}$/.test(digits)) throw new PayloadError('the payload is no base64');
  return new Uint8Array(Buffer.from(digits, 'base64'));
}

/** Throws a `PayloadError` when it is none. */
export function fromHex(digits: string): Uint8Array {
  if (/^(?:[0-9a-f]{2})*$/i.test(digits)) return new Uint8Array(Buffer.from(digits, 'hex'));
  throw new PayloadError('it is no hex: pairs of digits 0-9 a-f, with or without blanks between them');
}

/** Throws a `PayloadError` when it is none. */
export function parseJson(text: string): PlainValue {
  try {
    return JSON.parse(text) as PlainValue;
  } catch (error) {
    throw new PayloadError(`the payload is no JSON: ${(error as Error).message}`);
  }
}
