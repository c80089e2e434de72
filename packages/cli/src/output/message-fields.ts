/** The parts of a message by name, for format strings. */
import type { ReceivedMessage } from './received-message.ts';
import { strictText, toBase64, toRecord } from './message-record.ts';
import { toRfc3339 } from './rfc3339.ts';

/** Reads the payload in the format of `--decode`, or in that of its content type. */
export type Decode = (message: ReceivedMessage) => { readonly value: unknown } | undefined;

export type FieldReader = (message: ReceivedMessage) => string | Uint8Array;

const optional = (value: number | string | undefined): string => (value === undefined ? '' : String(value));

const readers: Readonly<Record<string, FieldReader>> = {
  topic: ({ topic }) => topic,
  payload: ({ payload }) => payload,
  size: ({ payload }) => String(payload.length),
  qos: ({ qos }) => String(qos),
  retain: ({ retain }) => (retain ? '1' : '0'),
  dup: ({ dup }) => (dup ? '1' : '0'),
  // The client hands out messages, and keeps the numbers of packets to itself.
  pid: () => '',
  alias: ({ properties }) => optional(properties.topicAlias),
  contentType: ({ properties }) => optional(properties.contentType),
  correlation: ({ properties }) => properties.correlationData ?? '',
  expiry: ({ properties }) => optional(properties.messageExpirySeconds),
  pfi: ({ properties }) => optional(properties.payloadFormatIndicator),
  responseTopic: ({ properties }) => optional(properties.responseTopic),
  subIds: ({ properties }) => (properties.subscriptionIdentifiers ?? []).join(','),
  user: ({ properties }) => (properties.userProperties ?? []).map(([name, value]) => `${name}:${value}`).join(' '),
  time: ({ at }) => toRfc3339(at),
  unix: ({ at }) => (at / 1000).toFixed(6),
  json: (message) => toRecord(message),
  prettyJson: (message) => JSON.stringify(JSON.parse(toRecord(message)), null, 2),
  hex: ({ payload }) => hexOf(payload),
  HEX: ({ payload }) => hexOf(payload).toUpperCase(),
  base64: ({ payload }) => toBase64(payload),
};

/** `payload.json.a.0.b`, `decoded.a.0.b` and `user.NAME` go deeper. */
export function fieldOf(name: string, decode: Decode): FieldReader | undefined {
  if (name.startsWith('user.')) {
    const wanted = name.slice('user.'.length);
    return ({ properties }) => properties.userProperties?.find(([key]) => key === wanted)?.[1] ?? '';
  }
  if (name === 'payload.json' || name.startsWith('payload.json.')) {
    const path = name.split('.').slice(2);
    return (message) => shown(valueAt(jsonOf(message.payload), path));
  }
  if (name === 'decoded' || name.startsWith('decoded.')) {
    const path = name.split('.').slice(1);
    return (message) => shown(valueAt(decode(message)?.value, path));
  }
  return readers[name];
}

function jsonOf(payload: Uint8Array): unknown {
  try {
    return JSON.parse(strictText(payload) ?? '');
  } catch {
    return undefined;
  }
}

/** What is at the path, or nothing. */
function valueAt(whole: unknown, path: readonly string[]): unknown {
  let value = whole;
  for (const key of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
    value = (value as Readonly<Record<string, unknown>>)[key];
  }
  return value;
}

function shown(value: unknown): string {
  if (value === undefined) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex');
}
