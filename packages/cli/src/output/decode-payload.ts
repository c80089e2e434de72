/** `--decode`: payloads of other formats than text, read by the inspector's decoders. */
import type { DecodedPayload } from '@omqtt/inspect';
import { PayloadError } from '../cli-error.ts';
import * as option from '../options/output-options.ts';
import type { Settings } from '../options/settings.ts';
import type { ReceivedMessage } from './received-message.ts';
import { escapeLine } from './terminal-text.ts';

export type Decodable = Pick<ReceivedMessage, 'payload'> & {
  readonly topic: string | undefined;
  readonly properties: { readonly contentType?: string };
};

/** Throws a `PayloadError` for a payload that is not of the format that was asked for; `auto` lets it be. */
export async function payloadDecoder(settings: Settings): Promise<(message: Decodable) => DecodedPayload | undefined> {
  const format = settings.get(option.decode) ?? (needsDecoding(settings) ? 'auto' : undefined);
  if (format === undefined) return () => undefined;
  // Loaded here: most runs decode nothing.
  const { decodePayload } = await import('@omqtt/inspect');
  return ({ topic, payload, properties: { contentType } }) => {
    const decoded = decodePayload({ topic, contentType, payload }, format);
    if (decoded !== undefined || format === 'auto') return decoded;
    throw new PayloadError(`the payload of ${escapeLine(topic ?? 'a message')} is no ${names[format]}`);
  };
}

function needsDecoding(settings: Settings): boolean {
  return settings.get(option.output) === 'decoded' || /\{decoded[.:}]/.test(settings.get(option.format) ?? '');
}

const names = { json: 'JSON', cbor: 'CBOR', msgpack: 'MessagePack', sparkplug: 'Sparkplug B' } as const;
