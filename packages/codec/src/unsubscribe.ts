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

const NO_FILTERS = '3.10.3-2';

export function encodeUnsubscribe(writer: PacketWriter, packet: UnsubscribePacket): void {
  checkItems(writer, packet.filters, 'filters', 'no-filters', NO_FILTERS);
  writeHead(writer, packet);
  for (const filter of packet.filters) writeFilter(writer, filter);
}

export function decodeUnsubscribe(reader: PacketReader): UnsubscribePacket {
  return { ...readHead(reader, 'unsubscribe'), filters: readItems(reader, readFilter, 'no-filters', NO_FILTERS) };
}
