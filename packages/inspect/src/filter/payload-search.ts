/** What a filter looks for inside a packet: text, bytes, and members of a JSON payload. */
import type { PacketRecord } from '../packet-record.ts';
import { shownText, textOf } from '../platform-text.ts';

const NOTHING = new Uint8Array(0);
/** Of larger payloads the beginning is searched. */
const MOST_SEARCHED = 1_048_576;

function payloadOf({ packet }: PacketRecord): Uint8Array {
  return (packet?.type === 'publish' ? packet.payload : undefined) ?? NOTHING;
}

export function payloadText(record: PacketRecord): string {
  return shownText(payloadOf(record).subarray(0, MOST_SEARCHED));
}

/** All that a reader would call the text of the packet. */
export function searchableText(record: PacketRecord): string {
  const { packet, clientId = '', topic = '' } = record;
  const parts = [clientId, topic];
  if (packet?.type === 'publish') parts.push(payloadText(record));
  if (packet?.type === 'subscribe') parts.push(...(packet.subscriptions ?? []).map(({ filter }) => filter));
  if (packet?.type === 'unsubscribe') parts.push(...(packet.filters ?? []));
  const properties = packet && 'properties' in packet ? packet.properties : undefined;
  if (properties) parts.push(...textsOf(properties));
  return parts.join('\n');
}

function textsOf(properties: object): string[] {
  return Object.values(properties).flatMap((value: unknown) => {
    if (typeof value === 'string') return [value];
    return Array.isArray(value) ? value.flat().filter((part): part is string => typeof part === 'string') : [];
  });
}

/** The value at `path` in a JSON payload. */
export function jsonValue(record: PacketRecord, path: readonly string[]): unknown {
  const payload = payloadOf(record);
  if (payload.length === 0 || payload.length > MOST_SEARCHED) return undefined;
  const text = textOf(payload);
  if (text === undefined) return undefined;
  try {
    return path.reduce<unknown>(memberOf, JSON.parse(text));
  } catch {
    return undefined;
  }
}

function memberOf(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
  return (value as Readonly<Record<string, unknown>>)[name];
}

/** Bytes in hex, `??` for any: `undefined` when the text is something else. */
export function bytePattern(text: string): (number | undefined)[] | undefined {
  const words = text.trim().split(/\s+/);
  if (!words.every((word) => /^([0-9a-f]{2}|\?\?)$/i.test(word))) return undefined;
  return words.map((word) => (word === '??' ? undefined : Number.parseInt(word, 16)));
}

export function hasBytes({ bytes }: PacketRecord, pattern: readonly (number | undefined)[]): boolean {
  for (let start = 0; start + pattern.length <= bytes.length; start += 1) {
    if (pattern.every((byte, index) => byte === undefined || byte === bytes[start + index])) return true;
  }
  return false;
}
