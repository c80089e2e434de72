/** A payload by its format: the one that was asked for, or the one that the message says it has. */
import { textOf } from '../platform-text.ts';
import { readCbor } from './cbor.ts';
import type { DecodedValue } from './decoded-value.ts';
import { readMessagePack } from './message-pack.ts';
import { plainValue, type PlainValue } from './plain-value.ts';
import { readSparkplug } from './sparkplug.ts';

export type PayloadFormat = 'json' | 'cbor' | 'msgpack' | 'sparkplug';

export const payloadFormats: readonly PayloadFormat[] = ['json', 'cbor', 'msgpack', 'sparkplug'];

export interface DecodedPayload {
  readonly as: PayloadFormat;
  readonly value: PlainValue;
}

export interface PayloadFacts {
  readonly topic: string | undefined;
  readonly contentType: string | undefined;
  readonly payload: Uint8Array;
}

/** `auto` goes by content type and topic, and takes nothing else for a format. `undefined` when it is not of the format. */
export function decodePayload(facts: PayloadFacts, format: PayloadFormat | 'auto'): DecodedPayload | undefined {
  const as = format === 'auto' ? formatOf(facts) : format;
  if (as === undefined) return undefined;
  if (as === 'json') return decodeJson(facts.payload);
  const found = readers[as](facts.payload);
  return found && { as, value: plainValue(found.value) };
}

const readers: Readonly<
  Record<Exclude<PayloadFormat, 'json'>, (bytes: Uint8Array) => { readonly value: DecodedValue } | undefined>
> = { cbor: readCbor, msgpack: readMessagePack, sparkplug: readSparkplug };

function formatOf({ topic = '', contentType = '' }: PayloadFacts): PayloadFormat | undefined {
  const type = contentType.split(';')[0]?.trim().toLowerCase() ?? '';
  if (/^(?:application|text)\/(?:.+\+)?json$/.test(type)) return 'json';
  if (/^application\/(?:.+\+)?cbor$/.test(type)) return 'cbor';
  if (/^application\/(?:.+\+)?(?:x-|vnd\.)?msgpack$/.test(type)) return 'msgpack';
  // Its topics say it; the STATE of a host is JSON.
  if (topic.startsWith('spBv1.0/')) return topic.startsWith('spBv1.0/STATE/') ? 'json' : 'sparkplug';
  return undefined;
}

function decodeJson(payload: Uint8Array): DecodedPayload | undefined {
  const text = textOf(payload);
  if (text === undefined) return undefined;
  try {
    return { as: 'json', value: JSON.parse(text) as PlainValue };
  } catch {
    return undefined;
  }
}
