/** Writes the property block of a 5.0 packet, and refuses what has no place in it. */
import { writeMessageProperties } from '#platform';
import { isIntegerWithin, LARGEST_VARIABLE, type PacketWriter } from './packet-writer.ts';
import { lacksMethod, propertySets, type PropertyCarrier, type PropertyFacts } from './property-table.ts';

/** Writes the block with its length, which is there even when it is empty [MQTT-2.2.2-1]. Nothing in 3.1.1. */
export function writeProperties(writer: PacketWriter, properties: object | undefined, carrier: PropertyCarrier): void {
  if (writer.version === '3.1.1') {
    if (hasProperties(properties)) writer.fail('only-in-5.0', 'properties');
    return undefined;
  }
  if (properties === undefined) return writer.u8(0);
  writer.object(properties, 'properties');
  const length = writer.open(writer.propertyBytes);
  if (carrier !== 'publish' || !writeMessageProperties(writer, properties)) writeBlock(writer, properties, carrier);
  writer.close(length);
  writer.propertyBytes = writer.at - length;
  return undefined;
}

function writeBlock(writer: PacketWriter, properties: object, carrier: PropertyCarrier): void {
  const { facts: known, lately } = propertySets[carrier];
  let index = 0;
  for (const name in properties) {
    const value = (properties as Record<string, unknown>)[name];
    if (value !== undefined) {
      let facts = lately[index];
      if (facts?.name !== name) {
        facts = known[name] ?? writer.fail('misplaced-property', `properties.${name}`);
        lately[index] = facts;
      }
      writeProperty(writer, facts, value);
      index += 1;
    }
  }
  if (lacksMethod(properties)) writer.fail('no-authentication-method', 'properties.authenticationMethod');
}

export function hasProperties(properties: object | undefined): boolean {
  for (const name in properties) {
    if ((properties as Record<string, unknown>)[name] !== undefined) return true;
  }
  return false;
}

function writeProperty(writer: PacketWriter, facts: PropertyFacts, value: unknown): void {
  if (!facts.repeats) {
    writeValue(writer, facts, value);
    return;
  }
  if (!Array.isArray(value)) writer.fail('bad-value', `properties.${facts.name}`);
  for (const each of value as unknown[]) writeValue(writer, facts, each);
}

function writeValue(writer: PacketWriter, facts: PropertyFacts, value: unknown): void {
  const { kind, name } = facts;
  writer.u8(facts.id);
  switch (kind) {
    case 'text':
      return writer.text(value as string, name);
    case 'topic':
      return writer.topic(value as string, name, '3.3.2-14');
    case 'binary':
      return writer.binary(value as Uint8Array, name);
    case 'pair':
      return writePair(writer, value, name);
    case 'flag':
      return writer.u8(writer.flag(value, 1, name));
    case 'bit':
      return writer.u8(checkNumber(writer, facts, value, 1));
    case 'u16':
      return writer.u16(checkNumber(writer, facts, value, 0xffff));
    case 'u32':
      return writer.u32(checkNumber(writer, facts, value, 2 ** 32 - 1));
    case 'variable':
      return writer.variable(checkNumber(writer, facts, value, LARGEST_VARIABLE));
  }
}

function checkNumber(writer: PacketWriter, facts: PropertyFacts, value: unknown, most: number): number {
  const { name, minimum } = facts;
  if (isIntegerWithin(value, minimum, most)) return value;
  return writer.fail(name === 'topicAlias' ? 'bad-topic-alias' : 'bad-value', name);
}

function writePair(writer: PacketWriter, value: unknown, name: string): void {
  if (!Array.isArray(value) || value.length !== 2) writer.fail('bad-value', name);
  const [key, text] = value as [string, string];
  writer.text(key, name);
  writer.text(text, name);
}
