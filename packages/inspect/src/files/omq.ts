/**
 * `.omq`: the lossless file of the inspector. A magic, then entries one behind the other, so that it can be appended to
 * while it grows; an entry that was not finished when the writer died is left out when it is read.
 *
 *     length u32 · kind u8 · time f64 · length of the connection's name u16 · name · what the kind has
 *       1 open:   flags u8 (1: partial, 2: its end is in the file)
 *       2 packet: flags u8 (1: from the server, 2: garbage, 4: cut) · size on the wire u32 · bytes
 *       3 close:  who u8 (0: unknown, 1: client, 2: server)
 *
 * Numbers are little endian; `length` counts what stands behind it.
 */
import type { PacketRecord } from '../packet-record.ts';
import { bytesOf, textOf } from '../platform-text.ts';
import { ByteView } from './byte-view.ts';
import type { Capture, CaptureEvent } from './capture-event.ts';

/** Not text, and damaged by whatever changes line ends. */
export const omqMagic: Uint8Array = Uint8Array.of(0x8f, 0x6f, 0x6d, 0x71, 0x01, 0x0d, 0x0a, 0x1a);

const OPEN = 1;
const PACKET = 2;
const CLOSE = 3;
const HEAD = 15;
const sides = [undefined, 'client', 'server'] as const;

/** One entry to append. */
export function toOmqEntry(event: Exclude<CaptureEvent, { readonly type: 'bytes' }>): Uint8Array {
  switch (event.type) {
    case 'open':
      return entry(OPEN, event, [(event.isPartial ? 1 : 0) | (event.isEndSeen ? 2 : 0)]);
    case 'close':
      return entry(CLOSE, event, [sides.indexOf(event.by)]);
    case 'packet':
      return packetEntry(event);
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

export function exportOmq(records: Iterable<PacketRecord>): Uint8Array {
  const entries = [omqMagic, ...Array.from(records, (record) => toOmqEntry(packetEventOf(record)))];
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
  let at = omqMagic.length;
  while (at + HEAD <= view.length) {
    const end = at + 4 + view.u32(at);
    if (end > view.length) break;
    const event = eventAt(view, at, end);
    if (event) events.push(event);
    at = end;
  }
  const problems = at < view.length ? [`the last ${view.length - at} bytes are no whole entry`] : [];
  return { format: 'omq', events, problems };
}

/** `undefined` for a kind that a later version has. */
function eventAt(view: ByteView, start: number, end: number): CaptureEvent | undefined {
  const time = view.f64(start + 5);
  const rest = start + HEAD + view.u16(start + 13);
  const connection = textOf(view.slice(start + HEAD, rest));
  if (connection === undefined || rest >= end || !Number.isFinite(time)) return undefined;
  const first = view.u8(rest);
  switch (view.u8(start + 4)) {
    case OPEN:
      return { type: 'open', connection, at: time, isPartial: (first & 1) !== 0, isEndSeen: (first & 2) !== 0 };
    case CLOSE:
      return { type: 'close', connection, at: time, by: sides[first] };
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
