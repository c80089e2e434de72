/** Reads the property block of a 5.0 packet. */
import { readMessageProperties } from '#platform';
import type { PacketReader } from './packet-reader.ts';
import {
  lacksMethod,
  propertySets,
  type PropertyCarrier,
  type PropertyFacts,
  type PropertySet,
} from './property-table.ts';
import type { PropertiesOf, UserProperty } from './properties.ts';
import { readTopic } from './topic-fields.ts';

type PropertyValue = number | boolean | string | Uint8Array | UserProperty;

/** `undefined` when the block is empty, and in 3.1.1. `carrier` says which properties may be there. */
export function readProperties<Carrier extends PropertyCarrier>(
  reader: PacketReader,
  carrier: Carrier,
): PropertiesOf[Carrier] | undefined {
  if (reader.version === '3.1.1') return undefined;
  const length = reader.variable();
  if (length === 0) return undefined;
  if (length > reader.left) reader.fail('truncated');
  // Fields must not reach past the block even where the packet goes on.
  const packetEnd = reader.end;
  reader.end = reader.at + length;
  const plain = carrier === 'publish' ? readMessageProperties(reader) : undefined;
  const properties: object = plain ?? readBlock(reader, propertySets[carrier].facts);
  reader.end = packetEnd;
  // The table gives each name the type that the interface gives it; a test holds the two against each other.
  return properties as PropertiesOf[Carrier];
}

function readBlock(reader: PacketReader, known: PropertySet['facts']): PropertyBlock {
  const properties: PropertyBlock = {};
  let highest = 0;
  while (reader.left > 0) {
    const id = reader.variable();
    const facts = known[id];
    if (facts === undefined) return reader.fail('misplaced-property');
    const { name, repeats } = facts;
    // Most peers write them in the order of their ids, and then a higher one is new without a look-up.
    const present = id > highest ? undefined : properties[name];
    if (present !== undefined && !repeats) reader.fail('repeated-property');
    const value = readValue(reader, facts);
    if (Array.isArray(present)) present.push(value);
    else properties[name] = repeats ? [value] : value;
    if (id > highest) highest = id;
  }
  if (lacksMethod(properties)) reader.fail('no-authentication-method');
  return properties;
}

type PropertyBlock = Record<string, PropertyValue | PropertyValue[]>;

function readValue(reader: PacketReader, facts: PropertyFacts): PropertyValue {
  switch (facts.kind) {
    case 'text':
      return reader.text();
    case 'topic':
      return readTopic(reader, '3.3.2-14');
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

function readBit(reader: PacketReader): number {
  const value = reader.u8();
  if (value > 1) reader.fail('bad-value');
  return value;
}

function atLeast(reader: PacketReader, facts: PropertyFacts, value: number): number {
  if (value < facts.minimum) reader.fail(facts.name === 'topicAlias' ? 'bad-topic-alias' : 'bad-value');
  return value;
}
