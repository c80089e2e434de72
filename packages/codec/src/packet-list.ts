/**
 * What SUBSCRIBE, UNSUBSCRIBE and their acknowledgements have in common.
 *
 *     packet id u16 · properties (5.0) · one or more items
 */
import type { PacketReader } from './packet-reader.ts';
import type { PacketWriter } from './packet-writer.ts';
import type { Problem } from './problems.ts';
import type { PropertiesOf } from './properties.ts';
import { readProperties } from './property-reader.ts';
import { writeProperties } from './property-writer.ts';

type ListCarrier = 'subscribe' | 'unsubscribe' | 'suback' | 'unsuback';

interface ListHead<Carrier extends ListCarrier> {
  type: Carrier;
  packetId: number;
  properties?: PropertiesOf[Carrier];
}

export function writeHead(writer: PacketWriter, { type, packetId, properties }: Readonly<ListHead<ListCarrier>>): void {
  writer.packetId(packetId);
  writeProperties(writer, properties, type);
}

export function readHead<Carrier extends ListCarrier>(reader: PacketReader, type: Carrier): ListHead<Carrier> {
  const packetId = reader.packetId();
  const properties = readProperties(reader, type);
  return properties === undefined ? { type, packetId } : { type, packetId, properties };
}

/** Refuses what is no list, and one without items. `field` is where it stands, and `statement` the one it breaks. */
export function checkItems(
  writer: PacketWriter,
  items: unknown,
  field: string,
  empty: Problem,
  statement?: string,
): void {
  if (!Array.isArray(items)) writer.fail('bad-value', field);
  if (items.length === 0) writer.fail(empty, field, statement);
}

export function readItems<Item>(
  reader: PacketReader,
  read: (reader: PacketReader) => Item,
  empty: Problem,
  statement?: string,
): Item[] {
  if (reader.left === 0) reader.fail(empty, statement);
  const items: Item[] = [];
  while (reader.left > 0) items.push(read(reader));
  return items;
}
