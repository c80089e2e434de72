/**
 * `.omq`: the lossless file of the inspector. A magic, then entries one behind the other, so that it can be appended to
 * while it grows; an entry that was not finished when the writer died is left out when it is read.
 *
 *     length u32 · kind u8 · time f64 · length of the connection's name u16 · name · what the kind has
 *       1 open:   flags u8 (1: partial, 2: its end is in the file) · origin, if known
 *       2 packet: flags u8 (1: from the server, 2: garbage, 4: cut) · size on the wire u32 · bytes
 *       3 close:  who u8 (0: unknown, 1: client, 2: server) · why it could not be, if known
 *       4 mark:   comment, of the packet before
 *       5 origin: of this connection's packets from here on
 *
 * An origin is: length of the listener's URL u16 · URL · name asked for in TLS.
 *
 * Numbers are little endian; `length` counts what stands behind it.
 */
import type { ConnectionOrigin, PacketRecord } from '../packet-record.ts';
import { bytesOf, shownText, textOf } from '../platform-text.ts';
import { ByteView } from './byte-view.ts';
import type { Capture, CaptureEvent, MarkComments } from './capture-event.ts';

/** Not text, and damaged by whatever changes line ends. */
export const omqMagic: Uint8Array = Uint8Array.of(0x8f, 0x6f, 0x6d, 0x71, 0x01, 0x0d, 0x0a, 0x1a);

const OPEN = 1;
const PACKET = 2;
const CLOSE = 3;
const MARK = 4;
const ORIGIN = 5;
const HEAD = 15;
const sides = [undefined, 'client', 'server'] as const;

/** One entry to append. */
export function toOmqEntry(event: Exclude<CaptureEvent, { readonly type: 'bytes' }>): Uint8Array {
  switch (event.type) {
    case 'open':
      return entry(OPEN, event, [(event.isPartial ? 1 : 0) | (event.isEndSeen ? 2 : 0)], originBytes(event.origin));
    case 'close':
      return entry(CLOSE, event, [sides.indexOf(event.by)], bytesOf(event.reason ?? ''));
    case 'packet':
      if (event.mark === undefined) return packetEntry(event);
      return joined([packetEntry(event), entry(MARK, event, [], bytesOf(event.mark))]);
  }
}

/** What to append for a record. Redact it first unless secrets are wanted. */
export function packetEventOf(record: PacketRecord): Extract<CaptureEvent, { readonly type: 'packet' }> {
  const { connection, direction, at, bytes, size, type, marks } = record;
  return {
    type: 'packet',
    connection,
    direction,
    at,
    bytes,
    size,
    isGarbage: type === 'garbage',
    isCut: marks.includes('cut'),
  };
}

/** A capture in the format of this package. */
export function exportOmq(records: Iterable<PacketRecord>, marks?: MarkComments): Uint8Array {
  return joined([omqMagic, ...omqEntries(records, marks)]);
}

/** What stands behind the magic, for whoever writes it in pieces. */
export function* omqEntries(records: Iterable<PacketRecord>, marks?: MarkComments): Generator<Uint8Array> {
  const told = new Set<string>();
  for (const record of records) {
    const { connection, origin, number } = record;
    if (origin && !told.has(connection)) {
      told.add(connection);
      yield entry(ORIGIN, record, [], originBytes(origin));
    }
    const mark = marks?.get(number);
    yield toOmqEntry({ ...packetEventOf(record), ...(mark !== undefined && { mark }) });
  }
}

function originBytes(origin: ConnectionOrigin | undefined): Uint8Array {
  if (!origin) return new Uint8Array(0);
  const listener = bytesOf(origin.listener ?? '').subarray(0, 0xffff);
  const length = Uint8Array.of(listener.length & 0xff, listener.length >>> 8);
  return joined([length, listener, bytesOf(origin.sni ?? '')]);
}

function originAt(view: ByteView, start: number, end: number): ConnectionOrigin | undefined {
  const middle = start + 2 + view.u16(start);
  if (start + 2 > end || middle > end) return undefined;
  const [listener, sni] = [shownText(view.slice(start + 2, middle)), shownText(view.slice(middle, end))];
  return { ...(listener !== '' && { listener }), ...(sni !== '' && { sni }) };
}

function joined(entries: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(entries.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const each of entries) {
    bytes.set(each, at);
    at += each.length;
  }
  return bytes;
}

function packetEntry(event: Extract<CaptureEvent, { readonly type: 'packet' }>): Uint8Array {
  const { direction, isGarbage, isCut, size, bytes } = event;
  const flags = (direction === 's2c' ? 1 : 0) | (isGarbage ? 2 : 0) | (isCut ? 4 : 0);
  const wire = [size & 0xff, (size >>> 8) & 0xff, (size >>> 16) & 0xff, size >>> 24];
  return entry(PACKET, event, [flags, ...wire], bytes);
}

// The bytes of a packet may be many, so they are not spread.
// oxlint-disable-next-line max-params
function entry(
  kind: number,
  { connection, at }: { readonly connection: string; readonly at: number },
  rest: readonly number[],
  payload: Uint8Array = new Uint8Array(0),
): Uint8Array {
  const name = bytesOf(connection).subarray(0, 0xffff);
  const bytes = new Uint8Array(HEAD + name.length + rest.length + payload.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, bytes.length - 4, true);
  view.setUint8(4, kind);
  view.setFloat64(5, at, true);
  view.setUint16(13, name.length, true);
  bytes.set(name, HEAD);
  bytes.set(rest, HEAD + name.length);
  bytes.set(payload, HEAD + name.length + rest.length);
  return bytes;
}

export function isOmq(bytes: Uint8Array): boolean {
  return omqMagic.every((byte, index) => bytes[index] === byte);
}

export function importOmq(bytes: Uint8Array): Capture {
  const view = new ByteView(bytes, true);
  const events: CaptureEvent[] = [];
  const origins = new Map<string, ConnectionOrigin>();
  let at = omqMagic.length;
  while (at + HEAD <= view.length) {
    const end = at + 4 + view.u32(at);
    if (end > view.length) break;
    take(events, origins, eventAt(view, at, end));
    at = end;
  }
  const problems = at < view.length ? [`the last ${view.length - at} bytes are no whole entry`] : [];
  return { format: 'omq', events, problems };
}

/** What is said of other entries. */
type Remark =
  | { readonly type: 'mark'; readonly comment: string }
  | { readonly type: 'origin'; readonly connection: string; readonly origin: ConnectionOrigin | undefined };

function take(
  events: CaptureEvent[],
  origins: Map<string, ConnectionOrigin>,
  found: CaptureEvent | Remark | undefined,
): void {
  if (found === undefined) return;
  const last = events.at(-1);
  if (found.type === 'origin') {
    if (found.origin) origins.set(found.connection, found.origin);
  } else if (found.type === 'mark') {
    if (last?.type === 'packet') events[events.length - 1] = { ...last, mark: found.comment };
  } else if (found.type === 'packet') {
    const origin = origins.get(found.connection);
    events.push(origin ? { ...found, origin } : found);
  } else events.push(found);
}

/** `undefined` for a kind that a later version has. */
function eventAt(view: ByteView, start: number, end: number): CaptureEvent | Remark | undefined {
  const time = view.f64(start + 5);
  const rest = start + HEAD + view.u16(start + 13);
  const connection = textOf(view.slice(start + HEAD, rest));
  const kind = view.u8(start + 4);
  if (connection === undefined || !Number.isFinite(time)) return undefined;
  if (kind === MARK) return { type: 'mark', comment: shownText(view.slice(rest, Math.max(rest, end))) };
  if (rest >= end) return undefined;
  const first = view.u8(rest);
  switch (kind) {
    case ORIGIN:
      return { type: 'origin', connection, origin: originAt(view, rest, end) };
    case OPEN:
      return {
        type: 'open',
        connection,
        at: time,
        isPartial: (first & 1) !== 0,
        isEndSeen: (first & 2) !== 0,
        ...(end > rest + 1 && { origin: originAt(view, rest + 1, end) }),
      };
    case CLOSE:
      return {
        type: 'close',
        connection,
        at: time,
        by: sides[first],
        ...(end > rest + 1 && { reason: shownText(view.slice(rest + 1, end)) }),
      };
    case PACKET: {
      const packet = view.bytes.slice(rest + 5, Math.max(rest + 5, end));
      const size = Math.max(packet.length, view.u32(rest + 1));
      const direction = (first & 1) === 0 ? 'c2s' : 's2c';
      const isGarbage = (first & 2) !== 0;
      return {
        type: 'packet',
        connection,
        direction,
        at: time,
        bytes: packet,
        size,
        isGarbage,
        isCut: (first & 4) !== 0,
      };
    }
    default:
      return undefined;
  }
}
