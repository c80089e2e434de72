/** NDJSON message records, version 1: what `sub --json` writes and `pub --ndjson` reads. Nothing is lost between them. */
import type { PublishProperties } from '@omqtt/codec';
import type { DecodedPayload } from '@omqtt/inspect';
import { PayloadError } from '../cli-error.ts';
import type { ReceivedMessage } from './received-message.ts';
import { escapeJson } from './terminal-text.ts';
import { fromRfc3339, toRfc3339 } from './rfc3339.ts';

const VERSION = 1;

/** What was decoded is for readers: it is not read back. */
export function toRecord(message: ReceivedMessage, decoded?: DecodedPayload): string {
  const { at, topic, qos, retain, dup, payload, properties } = message;
  const text = strictText(payload);
  const record = {
    v: VERSION,
    t: toRfc3339(at),
    topic,
    qos,
    retain,
    dup,
    ...(properties.subscriptionIdentifiers && { subIds: properties.subscriptionIdentifiers }),
    ...(text === undefined ? { payload64: toBase64(payload) } : { payload: text }),
    size: payload.length,
    ...propsOf(properties),
    ...(decoded && { decoded }),
  };
  return escapeJson(JSON.stringify(record));
}

/** What a record says of a message, ready to be published. */
export interface RecordedMessage {
  readonly at: number | undefined;
  readonly topic: string | undefined;
  readonly payload: Uint8Array;
  readonly qos: 0 | 1 | 2 | undefined;
  readonly retain: boolean | undefined;
  readonly properties: PublishProperties | undefined;
}

/** Throws a `PayloadError` that says what is wrong with the line. */
export function fromRecord(line: string): RecordedMessage {
  const record = parseObject(line);
  if (record['v'] !== undefined && record['v'] !== VERSION) throw new PayloadError('`v` is not 1');
  const { t, topic, qos, retain, props } = record;
  if (topic !== undefined && typeof topic !== 'string') throw new PayloadError('`topic` is no text');
  if (qos !== undefined && qos !== 0 && qos !== 1 && qos !== 2) throw new PayloadError('`qos` is not 0, 1 or 2');
  if (retain !== undefined && typeof retain !== 'boolean') throw new PayloadError('`retain` is not true or false');
  const at = timeOf(t);
  return { at, topic, payload: payloadOf(record), qos, retain, properties: readProps(props) };
}

function timeOf(given: unknown): number | undefined {
  if (given === undefined) return undefined;
  const at = typeof given === 'string' ? fromRfc3339(given) : undefined;
  if (at === undefined) throw new PayloadError('`t` is no time such as 2026-01-31T12:00:00Z');
  return at;
}

function propsOf(properties: PublishProperties): { readonly props?: object } {
  const { payloadFormatIndicator, messageExpirySeconds, contentType, responseTopic, correlationData, userProperties } =
    properties;
  const props = {
    ...(payloadFormatIndicator !== undefined && { pfi: payloadFormatIndicator }),
    ...(messageExpirySeconds !== undefined && { expiry: messageExpirySeconds }),
    ...(contentType !== undefined && { contentType }),
    ...(responseTopic !== undefined && { responseTopic }),
    ...(correlationData && { correlation64: toBase64(correlationData) }),
    // Pairs, because their order and repeated names mean something.
    ...(userProperties && { user: userProperties }),
  };
  return Object.keys(props).length === 0 ? {} : { props };
}

function readProps(given: unknown): PublishProperties | undefined {
  if (given === undefined) return undefined;
  if (typeof given !== 'object' || given === null) throw new PayloadError('`props` is no object');
  const { pfi, expiry, contentType, responseTopic, correlation64, user } = given as Readonly<Record<string, unknown>>;
  return {
    ...(pfi !== undefined && { payloadFormatIndicator: wholeNumber('pfi', pfi, 1) as 0 | 1 }),
    ...(expiry !== undefined && { messageExpirySeconds: wholeNumber('expiry', expiry, 0xffff_ffff) }),
    ...(contentType !== undefined && { contentType: textOf('contentType', contentType) }),
    ...(responseTopic !== undefined && { responseTopic: textOf('responseTopic', responseTopic) }),
    ...(correlation64 !== undefined && { correlationData: fromBase64('correlation64', correlation64) }),
    ...(user !== undefined && { userProperties: pairsOf(user) }),
  };
}

function payloadOf({ payload, payload64 }: Readonly<Record<string, unknown>>): Uint8Array {
  if (payload64 !== undefined) return fromBase64('payload64', payload64);
  if (payload === undefined) return new Uint8Array(0);
  if (typeof payload === 'string') return new TextEncoder().encode(payload);
  throw new PayloadError('`payload` is no text; bytes go into `payload64`');
}

function parseObject(line: string): Readonly<Record<string, unknown>> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(line);
  } catch {
    throw new PayloadError('it is no JSON');
  }
  if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)) return parsed as Record<string, unknown>;
  throw new PayloadError('it is no JSON object');
}

function wholeNumber(name: string, value: unknown, most: number): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= most) return value;
  throw new PayloadError(`\`props.${name}\` is no whole number up to ${most}`);
}

function textOf(name: string, value: unknown): string {
  if (typeof value === 'string') return value;
  throw new PayloadError(`\`props.${name}\` is no text`);
}

function pairsOf(value: unknown): readonly (readonly [string, string])[] {
  if (Array.isArray(value) && value.every(isPair)) return value;
  throw new PayloadError('`props.user` is no list of [name, value]');
}

function isPair(pair: unknown): pair is [string, string] {
  return Array.isArray(pair) && pair.length === 2 && pair.every((part) => typeof part === 'string');
}

export function toBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
}

function fromBase64(name: string, value: unknown): Uint8Array {
  if (typeof value === 'string' && /^[A-Za-z0-9+/]*={0,2}$/.test(value)) {
    return new Uint8Array(Buffer.from(value, 'base64'));
  }
  throw new PayloadError(`\`${name}\` is no base64`);
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The bytes as text, if they are UTF-8 and can be had back from it. */
export function strictText(bytes: Uint8Array): string | undefined {
  try {
    return decoder.decode(bytes);
  } catch {
    return undefined;
  }
}
