/** Writes the property block of a 5.0 packet, and refuses what has no place in it. */
import { isIntegerWithin, LARGEST_VARIABLE, type PacketWriter } from './packet-writer.ts';
import { lacksMethod, type PropertyFacts, type PropertySet } from './property-table.ts';
import { checkTopicName } from './topic-name.ts';

/** Writes the block with its length, which is there even when it is empty [MQTT-2.2.2-1]. Nothing in 3.1.1. */
export function writeProperties(writer: PacketWriter, properties: object | undefined, set: PropertySet): void {
  if (writer.version === '3.1.1') {
    refuseProperties(writer, properties);
    return;
  }
  if (properties === undefined) {
    writer.u8(0);
    return;
  }
  writer.object(properties, 'properties');
  const length = writer.openLength(writer.propertyBytes);
  let index = 0;
  for (const name in properties) {
    const value = (properties as Record<string, unknown>)[name];
    if (value === undefined) continue;
    let facts = set.lately[index];
    if (facts === undefined || facts.name !== name) {
      facts = factsOf(writer, set, name);
      set.lately[index] = facts;
    }
    writeProperty(writer, facts, value);
    index += 1;
  }
  if (set.authenticates && lacksMethod(properties)) {
    writer.fail('no-authentication-method', 'properties.authenticationMethod');
  }
  writer.closeLength(length);
  writer.propertyBytes = writer.at - length;
}

export function hasProperties(properties: object | undefined): boolean {
  for (const name in properties) {
    if ((properties as Record<string, unknown>)[name] !== undefined) return true;
  }
  return false;
}

export function refuseProperties(writer: PacketWriter, properties: object | undefined): void {
  if (hasProperties(properties)) writer.fail('only-in-5.0', 'properties');
}

function factsOf(writer: PacketWriter, set: PropertySet, name: string): PropertyFacts {
  return set.byName.get(name) ?? writer.fail('misplaced-property', `properties.${name}`);
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
      return writeTopic(writer, value as string, name);
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

function writeTopic(writer: PacketWriter, topic: string, name: string): void {
  if (typeof topic !== 'string') writer.fail('bad-value', name);
  const problem = checkTopicName(topic);
  if (problem !== undefined) writer.fail(problem, name, 'MQTT-3.3.2-14');
  writer.text(topic, name);
}
