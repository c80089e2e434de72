/**
 * Overwrites what is secret with asterisks, byte for byte. Because it works on the bytes, all that is made of them is
 * masked too: tree, text, hex, search and files. How long a secret is can still be seen.
 */
import { topicMatches } from '@omqtt/codec';
import { decodeFrame } from './decode/decode-frame.ts';
import { eachField, type FieldNode } from './decode/field.ts';
import { changedRecord, fieldsOf, type PacketRecord } from './packet-record.ts';
import { bytesOf, textOf } from './platform-text.ts';

export interface RedactionPolicy {
  /** Fields by their paths, such as `username` or `properties.correlationData`, besides password and Authentication Data. */
  readonly fields?: readonly string[];
  /** Filters of topics whose payloads are secret. */
  readonly topics?: readonly string[];
  /** Names in JSON payloads whose values are secret, at any depth. */
  readonly jsonKeys?: readonly string[];
  /** User properties whose names look like this are secret. Default: names of passwords, tokens, keys and the like. */
  readonly userPropertyNames?: RegExp;
}

const looksSecret = /pass|secret|token|auth|api.?key|credential|cookie|private/i;
const alwaysSecret = ['password', 'properties.authenticationData'];
const ASTERISK = 0x2a;

/** The same record when nothing in it is secret, a masked copy otherwise. */
export function redact(record: PacketRecord, policy: RedactionPolicy = {}): PacketRecord {
  const { packet, bytes } = record;
  // Nobody knows what is in bytes that are no packet: they may be the rest of a CONNECT.
  const ranges = record.type === 'garbage' ? [[0, bytes.length] as const] : secretRanges(record, policy);
  if (ranges.length === 0) return record;
  const masked = bytes.slice();
  for (const [start, end] of ranges) masked.fill(ASTERISK, start, end);
  const { version, direction, size } = record;
  const shown = packet && decodeFrame(masked, { version, direction, size, isOld: false }).packet;
  return changedRecord(record, { packet: shown, bytes: masked, marks: [...record.marks, 'redacted'] });
}

type Range = readonly [start: number, end: number];

function secretRanges(record: PacketRecord, policy: RedactionPolicy): Range[] {
  // Most packets carry nothing that could be secret, and need not be read again.
  if (!mayHaveSecrets(record, policy)) return [];
  const ranges: Range[] = [];
  for (const field of eachField(fieldsOf(record))) {
    const isNamed = alwaysSecret.includes(field.path) || (policy.fields ?? []).includes(field.path);
    if (isNamed) ranges.push(contentOf(field));
    else if (field.name === 'userProperties') ranges.push(...userPropertyRange(field, policy));
    else if (field.path === 'payload') ranges.push(...payloadRanges(record, field, policy));
    // What a malformed CONNECT has behind its last flag may be credentials.
    else if (field.path === 'trailing' && record.type === 'connect') ranges.push([field.start, field.end]);
  }
  return ranges.filter(([start, end]) => end > start);
}

function mayHaveSecrets({ packet, type, findings }: PacketRecord, policy: RedactionPolicy): boolean {
  if (type === 'connect' || type === 'auth' || policy.fields?.length) return true;
  if (packet?.type === 'publish' && (policy.topics?.length || policy.jsonKeys?.length)) return true;
  if (findings.length > 0) return true;
  const properties = packet && 'properties' in packet ? packet.properties : undefined;
  if (properties === undefined) return false;
  return 'authenticationData' in properties || properties.userProperties !== undefined;
}

/** Without the length in front of it, so that the packet stays readable. */
function contentOf({ start, end, value, children }: FieldNode): Range {
  const inner = children?.find(({ name }) => name === 'value');
  if (inner) return contentOf(inner);
  const isSized = typeof value === 'string' || value instanceof Uint8Array;
  return [isSized ? start + 2 : start, end];
}

function userPropertyRange({ children = [] }: FieldNode, policy: RedactionPolicy): Range[] {
  const name = children.find((child) => child.name === 'name')?.value;
  const value = children.find((child) => child.name === 'value');
  const pattern = policy.userPropertyNames ?? looksSecret;
  return value && typeof name === 'string' && matchesName(pattern, name) ? [[value.start + 2, value.end]] : [];
}

/** A pattern with the flag `g` or `y` remembers where it was. */
function matchesName(pattern: RegExp, name: string): boolean {
  return name.search(pattern) !== -1;
}

function payloadRanges(
  record: PacketRecord,
  { start, end }: FieldNode,
  { topics = [], jsonKeys = [] }: RedactionPolicy,
): Range[] {
  const { topic = '' } = record;
  if (topics.some((filter) => topicMatches(filter, topic))) return [[start, end]];
  if (jsonKeys.length === 0) return [];
  const text = textOf(record.bytes.subarray(start, end));
  // A payload that cannot be searched is not shown.
  if (text === undefined) return record.size > record.bytes.length ? [[start, end]] : [];
  return jsonKeys.flatMap((key) => jsonRanges(text, key).map(([from, to]): Range => [start + from, start + to]));
}

/** Where the values of `key` stand, in bytes: texts without their quotes, numbers and words; of lists and objects all. */
function jsonRanges(text: string, key: string): Range[] {
  const ranges: Range[] = [];
  const name = JSON.stringify(key).replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  for (const match of text.matchAll(new RegExp(`${name}\\s*:\\s*`, 'g'))) {
    const from = match.index + match[0].length;
    const to = endOfValue(text, from);
    const quote = text[from] === '"' ? 1 : 0;
    const startBytes = bytesOf(text.slice(0, from + quote)).length;
    ranges.push([
      startBytes,
      startBytes + bytesOf(text.slice(from + quote, Math.max(from + quote, to - quote))).length,
    ]);
  }
  return ranges;
}

function endOfValue(text: string, from: number): number {
  let depth = 0;
  let isText = false;
  for (let at = from; at < text.length; at += 1) {
    const character = text[at] as string;
    if (isText && character === '\\') at += 1;
    else if (character === '"') isText = !isText;
    if (isText) continue;
    if ('[{'.includes(character)) depth += 1;
    if (depth === 0 && ',}] \n\r\t'.includes(character)) return at;
    if (']}'.includes(character)) depth -= 1;
    if (depth === 0 && '"]}'.includes(character)) return at + 1;
  }
  return text.length;
}
