/** A record as one line of text, for terminals and logs. */
import { reasonName } from '@omqtt/codec';
import type { InspectedPacket } from '../decode/inspected-packet.ts';
import { payloadSizeOf, type PacketRecord } from '../packet-record.ts';
import { textOf } from '../platform-text.ts';
import { escapeText, shorten } from './escape-text.ts';
import { hexOf } from './hex.ts';

/** `12:00:00.123 dev-1 -> PUBLISH q1 #7 a/b 64B "text"`, time in UTC; then a line for each finding. */
export function formatRecord(record: PacketRecord): string {
  return [formatLine(record), ...formatFindings(record)].join('\n');
}

/** A packet on one line. */
export function formatLine(record: PacketRecord): string {
  const { at, direction, type, clientId, connection } = record;
  const arrow = direction === 'c2s' ? '->' : '<-';
  const name = escapeText(shorten(clientId === undefined || clientId === '' ? connection : clientId, LONGEST_NAME));
  return [timeOf(at), name, arrow, type.toUpperCase(), ...summaryOf(record)].join(' ');
}

/** `  error MQTT-3.3.1-4 client: both QoS bits are set [0-1]: use QoS 0, 1 or 2`. */
export function formatFindings({ findings }: PacketRecord): string[] {
  return findings.map(
    ({ severity, ids, side, message, fix, start, end }) =>
      `  ${severity} ${ids.join(' ')} ${side}: ${escapeText(message)} [${start}-${end}]: ${fix}`,
  );
}

const LONGEST_NAME = 40;
const LONGEST_TOPIC = 120;
const LONGEST_TEXT = 40;

function timeOf(at: number): string {
  // Times from a damaged file may be no dates.
  return Math.abs(at) <= 8.64e15 ? new Date(at).toISOString().slice(11, 23) : '--:--:--.---';
}

/** What a reader wants to know of a packet without opening it. */
export function summaryOf(record: PacketRecord): string[] {
  const { packet, pair, marks } = record;
  const words = packet ? wordsOf(record, packet) : [`${record.size}B`, hexOf(record.bytes.subarray(0, 16))];
  const isAnswer = pair?.roundTripMs !== undefined && pair.steps.at(-1)?.number === record.number;
  if (isAnswer) words.push(formatMs(pair.roundTripMs));
  for (const mark of marks) words.push(`(${mark})`);
  return words;
}

function wordsOf(record: PacketRecord, packet: InspectedPacket): string[] {
  switch (packet.type) {
    case 'connect':
      return [
        `v${packet.version ?? '?'}`,
        `"${escapeText(shorten(packet.clientId ?? '', LONGEST_NAME))}"`,
        packet.cleanStart ? 'clean' : 'resume',
        `keep-alive ${packet.keepAliveSeconds ?? '?'}s`,
        ...(packet.username === undefined ? [] : [`user "${escapeText(shorten(packet.username, LONGEST_NAME))}"`]),
        ...(packet.will === undefined ? [] : [`will ${topicOf(packet.will.topic)}`]),
      ];
    case 'connack':
      return [codeOf(packet.reasonCode, packet), packet.sessionPresent ? 'session present' : 'new session'];
    case 'publish':
      return messageWords(record, packet);
    case 'subscribe':
      return [
        idOf(packet.packetId),
        (packet.subscriptions ?? []).map(({ filter, qos }) => `${topicOf(filter)}@${qos}`).join(' '),
      ];
    case 'unsubscribe':
      return [idOf(packet.packetId), (packet.filters ?? []).map(topicOf).join(' ')];
    case 'suback':
    case 'unsuback':
      return [idOf(packet.packetId), (packet.reasonCodes ?? []).map((code) => codeOf(code, packet)).join(', ')];
    case 'puback':
    case 'pubrec':
    case 'pubrel':
    case 'pubcomp':
      return [idOf(packet.packetId), codeOf(packet.reasonCode, packet)];
    case 'disconnect':
    case 'auth':
      return [codeOf(packet.reasonCode, packet)];
    case 'pingreq':
    case 'pingresp':
      return [];
  }
}

function messageWords(record: PacketRecord, packet: Extract<InspectedPacket, { readonly type: 'publish' }>): string[] {
  const { qos = 0, packetId, retain, dup, payload = new Uint8Array(0), properties } = packet;
  return [
    `q${qos}`,
    ...(packetId === undefined ? [] : [`#${packetId}`]),
    ...(dup ? ['dup'] : []),
    ...(retain ? ['retain'] : []),
    topicOf(record.topic ?? packet.topic ?? ''),
    ...(properties?.topicAlias === undefined ? [] : [`alias ${properties.topicAlias}`]),
    `${payloadSizeOf(record)}B`,
    ...(payload.length === 0 ? [] : [payloadOf(payload)]),
  ];
}

function payloadOf(payload: Uint8Array): string {
  // Enough for the characters that are shown, however many bytes they take.
  const head = payload.subarray(0, LONGEST_TEXT * 4);
  const text = textOf(payload.length > head.length ? head.subarray(0, lastWhole(head)) : head);
  return text === undefined ? hexOf(payload.subarray(0, 8)) : `"${escapeText(shorten(text, LONGEST_TEXT))}"`;
}

/** Not to cut a character in two. */
function lastWhole(bytes: Uint8Array): number {
  let end = bytes.length;
  while (end > 0 && ((bytes[end - 1] as number) & 0xc0) === 0x80) end -= 1;
  return Math.max(0, end - 1);
}

function topicOf(topic: string): string {
  return escapeText(shorten(topic, LONGEST_TOPIC));
}

function idOf(packetId: number | undefined): string {
  return `#${packetId ?? '?'}`;
}

function codeOf(code: number | undefined, { type }: InspectedPacket): string {
  return code === undefined ? '?' : code === 0 && type !== 'suback' ? 'ok' : reasonName(code, type);
}

function formatMs(milliseconds: number | undefined): string {
  return `${(milliseconds ?? 0).toFixed(1).replace(/\.0$/, '')}ms`;
}
