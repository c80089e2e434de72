/** `--encode`: from what was typed to the bytes that are sent. */
import { encode } from '../options/message-options.ts';
import type { Settings } from '../options/settings.ts';
import { decodePayload, parseJson } from './decode-payload.ts';

/** Throws a `PayloadError` for what is not written as it was said to be. */
export async function payloadEncoder(settings: Settings): Promise<(typed: Uint8Array) => Uint8Array> {
  const encoding = settings.get(encode) ?? 'text';
  if (encoding !== 'cbor' && encoding !== 'msgpack') return (typed) => decodePayload(encoding, typed);
  // Loaded here: most runs encode nothing.
  const { encodePayload } = await import('@omqtt/inspect');
  return (typed) => encodePayload(parseJson(new TextDecoder().decode(typed)), encoding);
}
