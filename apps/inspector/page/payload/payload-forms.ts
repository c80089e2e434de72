/** What a payload can be read as, the likeliest first. */
import { formatHex, type FieldNode } from '@omqtt/inspect';
import { cborText, messagePackText, prettyJson, sparkplugText, textOf } from './payload-text.ts';

const MOST_HEX_BYTES = 16_384;

export interface TextForm {
  readonly name: string;
  readonly text: string;
}

export interface PayloadFacts {
  readonly payload: Uint8Array;
  readonly contentType: string;
  readonly topic: string;
}

/** `undefined` for a packet without a payload. */
export function payloadFactsOf(fields: readonly FieldNode[], topic: string | undefined): PayloadFacts | undefined {
  const payload = fields.find(({ path }) => path === 'payload')?.value;
  if (!(payload instanceof Uint8Array)) return undefined;
  return { payload, contentType: contentTypeOf(fields), topic: topic ?? '' };
}

/** What is said of the message comes before what it looks like. */
export function textFormsOf({ payload, contentType, topic }: PayloadFacts): TextForm[] {
  const text = textOf(payload);
  const says = (pattern: RegExp): boolean => pattern.test(contentType);
  const isCbor = says(/\bcbor\b/i);
  const isMessagePack = says(/\bmsgpack\b|messagepack/i);
  // Any bytes may be a protocol buffer, so only the topic makes them one. The STATE of a host is JSON.
  const isSparkplug = /^spBv1\.0\/(?!STATE\/)/.test(topic);
  const cbor = text === undefined || isCbor ? cborText(payload, isCbor) : undefined;
  const messagePack = text === undefined || isMessagePack ? messagePackText(payload, isMessagePack) : undefined;
  const forms: readonly (readonly [string, string | undefined])[] = [
    ['Sparkplug B', isSparkplug ? sparkplugText(payload) : undefined],
    ['JSON', text === undefined ? undefined : prettyJson(text)],
    isMessagePack ? ['MessagePack', messagePack] : ['CBOR', cbor],
    isMessagePack ? ['CBOR', cbor] : ['MessagePack', messagePack],
    ['Text', text],
    ['Bytes', formatHex(payload.subarray(0, MOST_HEX_BYTES))],
  ];
  return forms.flatMap(([name, found]) => (found === undefined ? [] : [{ name, text: found }]));
}

function contentTypeOf(fields: readonly FieldNode[]): string {
  const properties = fields.find(({ path }) => path === 'properties')?.children ?? [];
  const value = properties.find(({ name }) => name === 'contentType')?.children?.find(({ name }) => name === 'value');
  return typeof value?.value === 'string' ? value.value.slice(0, 100) : '';
}
