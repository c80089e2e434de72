/** Reads the property block of a 5.0 packet. */
import type { PacketReader } from './packet-reader.ts';
import { lacksMethod, type PropertyFacts, type PropertySet } from './property-table.ts';
import type { UserProperty } from './properties.ts';

type PropertyValue = number | boolean | string | Uint8Array | UserProperty;

/** `undefined` when the block is empty, and in 3.1.1. `set` says which properties the packet may carry. */
export function readProperties<Properties extends object>(
  reader: PacketReader,
  set: PropertySet,
): Properties | undefined {
  if (reader.version === '3.1.1') return undefined;
  const length = reader.variable();
  if (length === 0) return undefined;
  if (length > reader.left) reader.fail('truncated');
  // Fields must not reach past the block even where the packet goes on.
  const packetEnd = reader.end;
  reader.end = reader.at + length;
  const properties: Record<string, PropertyValue | PropertyValue[]> = {};
  while (reader.at < reader.end) readProperty(reader, set, properties);
  reader.end = packetEnd;
  if (set.authenticates && lacksMethod(properties)) reader.fail('no-authentication-method');
  // The table gives each name the type that the interface gives it; a test holds the two against each other.
  return properties as Properties;
}

function readProperty(
  reader: PacketReader,
  set: PropertySet,
  properties: Record<string, PropertyValue | PropertyValue[]>,
): void {
  const facts = set.byId[reader.variable()];
  if (facts === undefined) reader.fail('misplaced-property');
  const { name } = facts;
  const present = properties[name];
  if (facts.repeats) {
    const value = readValue(reader, facts);
    if (Array.isArray(present)) present.push(value);
    else properties[name] = [value];
    return;
  }
  if (present !== undefined) reader.fail('repeated-property');
  properties[name] = readValue(reader, facts);
}

function readValue(reader: PacketReader, facts: PropertyFacts): PropertyValue {
  switch (facts.kind) {
    case 'text':
      return reader.text();
    case 'topic':
      return readResponseTopic(reader);
    case 'pair':
      return [reader.text(), reader.text()];
    case 'binary':
      return reader.binary();
    case 'flag':
      return readBit(reader) === 1;
    case 'bit':
      return readBit(reader);
    case 'u16':
      return atLeast(reader, facts, reader.u16());
    case 'u32':
      return atLeast(reader, facts, reader.u32());
    case 'variable':
      return atLeast(reader, facts, reader.variable());
  }
}

function readResponseTopic(reader: PacketReader): string {
  const topic = reader.topicName('MQTT-3.3.2-14');
  if (topic === '') reader.fail('bad-property-value', 'MQTT-4.7.3-1');
  return topic;
}

function readBit(reader: PacketReader): number {
  const value = reader.u8();
  if (value > 1) reader.fail('bad-property-value');
  return value;
}

function atLeast(reader: PacketReader, facts: PropertyFacts, value: number): number {
  if (value < facts.minimum) reader.fail(facts.name === 'topicAlias' ? 'bad-topic-alias' : 'bad-property-value');
  return value;
}
