/**
 * UNSUBSCRIBE (§3.10).
 *
 *     packet id u16 · properties (5.0) · one or more filters
 */
import { readFilter, writeFilter } from './filter-field.ts';
import type { UnsubscribePacket } from './packet.ts';
import type { PacketReader } from './packet-reader.ts';
import type { PacketWriter } from './packet-writer.ts';
import type { UnsubscribeProperties } from './properties.ts';
import { readProperties } from './property-reader.ts';
import { propertySetOf } from './property-table.ts';
import { writeProperties } from './property-writer.ts';

const unsubscribeSet = propertySetOf('unsubscribe');
const NEEDS_FILTERS = 'MQTT-3.10.3-2';

export function encodeUnsubscribe(writer: PacketWriter, packet: UnsubscribePacket): void {
  const { packetId, filters, properties } = packet;
  const list = writer.list<string>(filters, 'filters');
  if (list.length === 0) writer.fail('no-filters', 'filters', NEEDS_FILTERS);
  writer.packetId(packetId);
  writeProperties(writer, properties, unsubscribeSet);
  for (const filter of list) writeFilter(writer, filter);
}

export function decodeUnsubscribe(reader: PacketReader): UnsubscribePacket {
  const packetId = reader.packetId();
  const properties = readProperties<UnsubscribeProperties>(reader, unsubscribeSet);
  if (reader.left === 0) reader.fail('no-filters', NEEDS_FILTERS);
  const filters: string[] = [];
  while (reader.left > 0) filters.push(readFilter(reader));
  return { type: 'unsubscribe', packetId, filters, ...(properties && { properties }) };
}
