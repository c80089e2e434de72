/** Reads a property block with the place of each property. */
import { propertyTable, type PropertyCarrier, type PropertyFacts } from '@omqtt/codec';
import { EndOfPacket, type FieldReader } from './field-reader.ts';

type PropertyBlock = Record<string, unknown>;

/** `undefined` when the block is empty, and in 3.1.1. */
export function readProperties(reader: FieldReader, carrier: PropertyCarrier): PropertyBlock | undefined {
  if (reader.version === '3.1.1') return undefined;
  return reader.group('properties', () => {
    const whenCut = reader.whenCut;
    if (whenCut === 'truncated') reader.whenCut = 'missing-property-length';
    const length = reader.variable('length');
    reader.whenCut = whenCut;
    if (length > reader.left) return readOverlong(reader, carrier);
    const packetEnd = reader.end;
    reader.end = reader.at + length;
    try {
      return readBlock(reader, carrier);
    } catch (error) {
      if (!(error instanceof EndOfPacket)) throw error;
      // The block has its own end: what follows it can still be read.
      reader.at = reader.end;
      return undefined;
    } finally {
      reader.end = packetEnd;
    }
  });
}

/** The length points behind the packet: read what is there, as there is no telling where the next field begins. */
function readOverlong(reader: FieldReader, carrier: PropertyCarrier): never {
  if (!reader.isShortened) reader.fault('truncated', { detail: 'the Property Length is more than what is left' });
  readBlock(reader, carrier);
  throw new EndOfPacket();
}

function readBlock(reader: FieldReader, carrier: PropertyCarrier): PropertyBlock | undefined {
  const block: PropertyBlock = {};
  const start = reader.at;
  while (reader.left > 0) readProperty(reader, carrier, block);
  if (block['authenticationData'] !== undefined && block['authenticationMethod'] === undefined && carrier !== 'auth') {
    reader.fault('data-without-method', { start, end: reader.at });
  }
  return Object.keys(block).length === 0 ? undefined : block;
}

function readProperty(reader: FieldReader, carrier: PropertyCarrier, block: PropertyBlock): void {
  const start = reader.at;
  const id = peekIdentifier(reader);
  const known = propertyTable.filter((row) => row.id === id);
  const facts = known.find((row) => row.carriers.includes(carrier)) ?? known[0];
  if (facts === undefined) return skipUnknown(reader, id);
  reader.group(facts.name, () => {
    reader.variable('identifier');
    const value = readValue(reader, facts);
    const place = { start, end: reader.at };
    if (!facts.carriers.includes(carrier)) {
      reader.fault('misplaced-property', { ...place, detail: `${facts.name} in ${carrier}` });
      return;
    }
    checkValue(reader, { facts, carrier, value });
    const present = block[facts.name];
    if (facts.repeats) block[facts.name] = [...((present ?? []) as unknown[]), value];
    else if (present === undefined) block[facts.name] = value;
    else reader.fault('repeated-property', { ...place, detail: facts.name });
  });
}

/** Identifiers are variable byte integers, but all of them take one byte. */
function peekIdentifier(reader: FieldReader): number {
  return reader.bytes[reader.at] as number;
}

/** Nobody knows how long it is, so the rest of the block belongs to it. */
function skipUnknown(reader: FieldReader, id: number): never {
  reader.rest('unknownProperty');
  reader.fault('misplaced-property', { detail: `no property has the identifier ${id}` });
  throw new EndOfPacket();
}

function readValue(reader: FieldReader, facts: PropertyFacts): unknown {
  const { kind, name } = facts;
  switch (kind) {
    case 'text':
      return reader.text('value', name === 'contentType' ? '3.3.2-19' : undefined);
    case 'topic':
      return reader.text('value', '3.3.2-13');
    case 'pair':
      return [reader.text('name', '1.5.7-1'), reader.text('value', '1.5.7-1')];
    case 'binary':
      return reader.binary('value');
    case 'flag':
      return reader.u8('value') === 1;
    case 'bit':
      return reader.u8('value');
    case 'u16':
      return reader.u16('value');
    case 'u32':
      return reader.u32('value');
    case 'variable':
      return reader.variable('value');
  }
}

function checkValue(
  reader: FieldReader,
  {
    facts,
    carrier,
    value,
  }: { readonly facts: PropertyFacts; readonly carrier: PropertyCarrier; readonly value: unknown },
): void {
  const { name, kind, minimum } = facts;
  if (kind === 'topic') checkTopicValue(reader, value as string);
  const written = reader.last?.value;
  const isBad =
    ((kind === 'flag' || kind === 'bit') && (written as number) > 1) || (typeof value === 'number' && value < minimum);
  if (!isBad) return;
  if (name === 'topicAlias') return reader.fault('alias-zero');
  const ids = sections[`${carrier} ${name}`] ?? '§2.2.2';
  reader.fault('bad-property-value', { ids, detail: `${name} is ${String(written)}` });
}

function checkTopicValue(reader: FieldReader, topic: string): void {
  if (topic === '') reader.fault('empty-response-topic');
  if (/[#+]/.test(topic)) reader.fault('wildcard-in-response-topic');
}

/** Where the standard says which values a property may have. */
const sections: Readonly<Record<string, string>> = {
  'connect receiveMaximum': '§3.1.2.11.3',
  'connect maximumPacketBytes': '§3.1.2.11.4',
  'connect requestResponseInformation': '§3.1.2.11.6',
  'connect requestProblemInformation': '§3.1.2.11.7',
  'will payloadFormatIndicator': '§3.1.3.2.3',
  'connack receiveMaximum': '§3.2.2.3.3',
  'connack maximumQoS': '§3.2.2.3.4',
  'connack retainAvailable': '§3.2.2.3.5',
  'connack maximumPacketBytes': '§3.2.2.3.6',
  'connack wildcardSubscriptionAvailable': '§3.2.2.3.11',
  'connack subscriptionIdentifierAvailable': '§3.2.2.3.12',
  'connack sharedSubscriptionAvailable': '§3.2.2.3.13',
  'publish payloadFormatIndicator': '§3.3.2.3.2',
  'publish subscriptionIdentifiers': '§3.3.2.3.8',
  'subscribe subscriptionIdentifier': '§3.8.2.1.2',
};
