/** Records for the wire: runs in the server, and in the worker of a page that shows a file. */
import { payloadSizeOf, summaryOf, type Finding, type PacketRecord } from '@omqtt/inspect';
import type { Row, RecordDetail } from './row.ts';

/** Redact the record first unless secrets are wanted. */
export function rowOf(record: PacketRecord): Row {
  const { number, at, connection, clientId, direction, type, topic, size, findings, marks } = record;
  return {
    number,
    at,
    connection,
    direction,
    type,
    size,
    summary: summaryOf(record).join(' '),
    ...(clientId !== undefined && { clientId }),
    ...(topic !== undefined && { topic }),
    ...packetColumns(record),
    ...pairColumn(record),
    ...(findings.length > 0 && { severity: worstOf(findings), findings: findings.length }),
    ...(marks.length > 0 && { marks }),
  };
}

/** Redact the record first unless secrets are wanted. */
export function detailOf(record: PacketRecord): RecordDetail {
  const { version, bytes, pair, request, findings } = record;
  return {
    row: rowOf(record),
    version,
    bytes64: base64Of(bytes),
    ...(pair && { pair }),
    ...(request && { request }),
    findings,
  };
}

/** What `fieldsOf`, `formatTree` and the exports of `@omqtt/inspect` take. */
export function toRecord({ row, version, bytes64, pair, request, findings }: RecordDetail): PacketRecord {
  const { number, connection, direction, at, type, size, clientId, topic, marks = [] } = row;
  const bytes = Uint8Array.from(atob(bytes64), (character) => character.charCodeAt(0));
  const facts = { number, connection, direction, at, version, type, bytes, size, clientId, topic };
  return { ...facts, packet: undefined, pair, request, findings, marks };
}

function packetColumns(record: PacketRecord): Partial<Row> {
  const { packet } = record;
  if (packet === undefined) return {};
  const packetId = 'packetId' in packet ? packet.packetId : undefined;
  if (packet.type !== 'publish') return packetId === undefined ? {} : { packetId };
  return {
    ...(packetId !== undefined && { packetId }),
    ...(packet.qos !== undefined && { qos: packet.qos }),
    payloadBytes: payloadSizeOf(record),
  };
}

function pairColumn({ pair }: PacketRecord): Partial<Row> {
  const first = pair?.steps[0];
  const last = pair?.steps.at(-1);
  if (!pair || !first || !last) return {};
  const { kind, status, roundTripMs } = pair;
  return {
    pair: { kind, status, first: first.number, last: last.number, ...(roundTripMs !== undefined && { roundTripMs }) },
  };
}

function worstOf(findings: readonly Finding[]): Finding['severity'] {
  const severities = findings.map(({ severity }) => severity);
  return (['error', 'warning'] as const).find((severity) => severities.includes(severity)) ?? 'note';
}

const CHUNK = 0x8000;

/** Also in browsers, where there is no Buffer. */
function base64Of(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += CHUNK) text += String.fromCharCode(...bytes.subarray(at, at + CHUNK));
  return btoa(text);
}
