/**
 * NDJSON, version 1: a packet a line. A PUBLISH has the members of a message record (`topic`, `payload`, `props`, …), so
 * that tools for messages read it; `raw64` is what is read back, so nothing is lost.
 */
import { payloadSizeOf, type ConnectionOrigin, type PacketRecord } from '../packet-record.ts';
import { textOf } from '../platform-text.ts';
import { fromBase64, toBase64 } from './base64.ts';
import type { Capture, CaptureEvent, MarkComments } from './capture-event.ts';
import { fromRfc3339, toRfc3339 } from './rfc3339.ts';

const VERSION = 1;

/** One line, with its line end. Redact the record first unless secrets are wanted. */
export function toNdjsonLine(record: PacketRecord, mark?: string): string {
  const { number, connection, origin, clientId, direction, at, type, size, bytes, findings, marks } = record;
  const line = {
    v: VERSION,
    t: toRfc3339(at),
    n: number,
    conn: connection,
    ...(origin?.listener !== undefined && { listener: origin.listener }),
    ...(origin?.sni !== undefined && { sni: origin.sni }),
    ...(clientId !== undefined && { client: clientId }),
    dir: direction,
    type,
    ...messageOf(record),
    size: record.packet?.type === 'publish' ? payloadSizeOf(record) : size,
    wire: size,
    ...(findings.length > 0 && { lint: findings.map(({ id }) => id) }),
    ...(marks.length > 0 && { marks }),
    ...(mark !== undefined && { mark }),
    raw64: toBase64(bytes),
  };
  return `${JSON.stringify(line)}\n`;
}

/** One JSON object a line, for programs. */
export function exportNdjson(records: Iterable<PacketRecord>, comments?: MarkComments): string {
  return Array.from(records, (record) => toNdjsonLine(record, comments?.get(record.number))).join('');
}

function messageOf({ packet, topic }: PacketRecord): object {
  if (packet?.type !== 'publish') return {};
  const { qos, retain, dup, packetId, payload = new Uint8Array(0), properties } = packet;
  const text = textOf(payload);
  return {
    topic: topic ?? packet.topic,
    qos,
    retain,
    dup,
    ...(packetId !== undefined && { pid: packetId }),
    ...(properties?.subscriptionIdentifiers && { subIds: properties.subscriptionIdentifiers }),
    ...(text === undefined ? { payload64: toBase64(payload) } : { payload: text }),
    ...(properties && { props: propertiesOf(properties) }),
  };
}

type PublishProperties = NonNullable<
  Extract<NonNullable<PacketRecord['packet']>, { readonly type: 'publish' }>['properties']
>;

function propertiesOf(properties: PublishProperties): object {
  const { correlationData } = properties;
  return {
    pfi: properties.payloadFormatIndicator,
    expiry: properties.messageExpirySeconds,
    contentType: properties.contentType,
    responseTopic: properties.responseTopic,
    correlation64: correlationData && toBase64(correlationData),
    alias: properties.topicAlias,
    user: properties.userProperties,
  };
}

function originOf(listener: unknown, sni: unknown): ConnectionOrigin {
  return { ...(typeof listener === 'string' && { listener }), ...(typeof sni === 'string' && { sni }) };
}

/** Reads what `exportNdjson` wrote. */
export function importNdjson(text: string): Capture {
  const events: CaptureEvent[] = [];
  const problems: string[] = [];
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue;
    const event = eventOf(line);
    if (typeof event === 'string') problems.push(`line ${index + 1}: ${event}`);
    else events.push(event);
    if (problems.length >= MOST_PROBLEMS) break;
  }
  return { format: 'ndjson', events, problems };
}

const MOST_PROBLEMS = 100;

/** The event, or what is wrong with the line. */
function eventOf(line: string): CaptureEvent | string {
  let parsed: unknown;
  try {
    parsed = JSON.parse(line);
  } catch {
    return 'it is no JSON';
  }
  const { v, t, conn, dir, type, wire, raw64, marks, mark, listener, sni } = (parsed ?? {}) as Readonly<
    Record<string, unknown>
  >;
  if (v !== VERSION) return 'it is no record of version 1';
  const at = typeof t === 'string' ? fromRfc3339(t) : undefined;
  const bytes = typeof raw64 === 'string' ? fromBase64(raw64) : undefined;
  if (at === undefined || bytes === undefined || typeof conn !== 'string') return 't, conn and raw64 are needed';
  if (dir !== 'c2s' && dir !== 's2c') return 'dir is c2s or s2c';
  return {
    type: 'packet',
    connection: conn,
    direction: dir,
    at,
    bytes,
    size: typeof wire === 'number' && wire >= bytes.length ? wire : bytes.length,
    isGarbage: type === 'garbage',
    isCut: Array.isArray(marks) && marks.includes('cut'),
    ...(typeof mark === 'string' && { mark }),
    ...((typeof listener === 'string' || typeof sni === 'string') && { origin: originOf(listener, sni) }),
  };
}
