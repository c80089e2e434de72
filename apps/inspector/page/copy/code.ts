/** TypeScript for a packet: the call of the client that sends the like, and its bytes for a test. */
import { eachField, fieldsOf, type FieldValue, type PacketRecord } from '@omqtt/inspect';
import { factsOf, isWholeMessage, plainText, type PacketFacts } from './packet-facts.ts';

export function clientCall(record: PacketRecord): string | undefined {
  const facts = factsOf(record);
  if (record.type === 'subscribe') {
    const [first] = facts.filters;
    if (!first) return undefined;
    const qos = Math.max(...facts.filters.map((each) => each.qos));
    const filters = facts.filters.map(({ filter }) => JSON.stringify(filter));
    return `client.subscribe(${filters.length === 1 ? filters[0] : `[${filters.join(', ')}]`}, { qos: ${qos} });`;
  }
  if (!isWholeMessage(record)) return undefined;
  const text = plainText(facts.payload);
  const payload = text === undefined ? bytesCode(facts.payload) : JSON.stringify(text);
  const options = [`qos: ${facts.qos}`, ...(facts.retain ? ['retain: true'] : []), ...propertiesCode(facts)];
  return `await client.publish(${JSON.stringify(facts.topic)}, ${payload}, { ${options.join(', ')} });`;
}

/** What belongs to one connection only is left out. */
const OF_CONNECTION = new Set(['topicAlias', 'subscriptionIdentifiers']);

function propertiesCode({ properties, userProperties }: PacketFacts): string[] {
  const members = [...properties]
    .filter(([name]) => !OF_CONNECTION.has(name))
    .map(([name, value]) => `${name}: ${valueCode(value)}`);
  if (userProperties.length > 0) members.push(`userProperties: ${JSON.stringify(userProperties)}`);
  return members.length === 0 ? [] : [`properties: { ${members.join(', ')} }`];
}

function valueCode(value: FieldValue): string {
  return value instanceof Uint8Array ? bytesCode(value) : JSON.stringify(value);
}

function bytesCode(bytes: Uint8Array): string {
  return `Uint8Array.of(${Array.from(bytes, hexByte).join(', ')})`;
}

/** The bytes with the name of each field beside them. */
export function testVector(record: PacketRecord): string {
  const { bytes, type } = record;
  const lines: string[] = [];
  let at = 0;
  const add = (end: number, name: string): void => {
    if (end > at) lines.push(`  ${Array.from(bytes.subarray(at, end), hexByte).join(', ')}, // ${name}`);
    at = Math.max(at, end);
  };
  for (const { path, start, end, bits, children = [] } of eachField(fieldsOf(record))) {
    if (bits !== undefined || children.length > 0 || start < at) continue;
    add(start, 'rest of the field before');
    add(end, path);
  }
  add(bytes.length, 'rest');
  return [`const ${type} = Uint8Array.of(`, ...lines, ');'].join('\n');
}

function hexByte(byte: number): string {
  return `0x${byte.toString(16).padStart(2, '0')}`;
}
