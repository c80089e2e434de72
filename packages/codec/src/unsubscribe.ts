/**
 * UNSUBSCRIBE (§3.10).
 *
 *     packet id u16 · properties (5.0) · one or more filters
 */
import { readFilter, writeFilter } from './topic-fields.ts';
import type { UnsubscribePacket } from './packet.ts';
import { checkItems, readHead, readItems, writeHead } from './packet-list.ts';
import type { PacketReader } from './packet-reader.ts';
import type { PacketWriter } from './packet-writer.ts';

const empty = { problem: 'no-filters', statement: '3.10.3-2' } as const;

export function encodeUnsubscribe(writer: PacketWriter, packet: UnsubscribePacket): void {
  checkItems(writer, packet.filters, 'filters', empty);
  writeHead(writer, packet);
  for (const filter of packet.filters) writeFilter(writer, filter);
}

export function decodeUnsubscribe(reader: PacketReader): UnsubscribePacket {
  return { ...readHead(reader, 'unsubscribe'), filters: readItems(reader, readFilter, empty) };
}
