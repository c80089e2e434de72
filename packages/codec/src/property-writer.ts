/** Writes the property block of a 5.0 packet, and refuses what has no place in it. */
import { isIntegerWithin, LARGEST_VARIABLE, type PacketWriter } from './packet-writer.ts';
import { lacksMethod, propertySets, type PropertyCarrier, type PropertyFacts } from './property-table.ts';
import { writeTopic } from './topic-fields.ts';

/** Writes the block with its length, which is there even when it is empty [MQTT-2.2.2-1]. Nothing in 3.1.1. */
export function writeProperties(writer: PacketWriter, properties: object | undefined, carrier: PropertyCarrier): void {
  if (writer.version === '3.1.1') {
    if (hasProperties(properties)) writer.fail('only-in-5.0', 'properties');
    return undefined;
  }
  if (properties === undefined) return writer.u8(0);
  writer.object(properties, 'properties');
  const { byName, lately } = propertySets[carrier];
  const length = writer.openLength(writer.propertyBytes);
  let index = 0;
  for (const name in properties) {
    const value = (properties as Record<string, unknown>)[name];
    if (value === undefined) continue;
    let facts = lately[index];
    if (facts === undefined || facts.name !== name) {
      facts = byName.get(name) ?? writer.fail('misplaced-property', `properties.${name}`);
      lately[index] = facts;
    }
    writeProperty(writer, facts, value);
    index += 1;
  }
  if (lacksMethod(properties)) writer.fail('no-authentication-method', 'properties.authenticationMethod');
  writer.closeLength(length);
  writer.propertyBytes = writer.at - length;
  return undefined;
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
      return writeTopic(writer, value as string, name, '3.3.2-14');
    case 'binary':
      return writer.binary(value as Uint8Array, name);
    case 'pair':
      return writePair(writer, value, name);
    case 'flag':
      if (typeof value !== 'boolean') writer.fail('bad-value', name);
      return writer.u8(value ? 1 : 0);
    case 'bit':
      if (value !== 0 && value !== 1) writer.fail('bad-value', name);
      return writer.u8(value);
    case 'u16':
      return writer.u16(checkNumber(writer, facts, value, 0xffff));
    case 'u32':
      return writer.u32(checkNumber(writer, facts, value, 0xffff_ffff));
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
