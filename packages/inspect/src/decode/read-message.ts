/** PUBLISH and its acknowledgements, DISCONNECT and AUTH, field by field. */
import { mayCarry, reasonName, type PacketType } from '@omqtt/codec';
import { textOf } from '../platform-text.ts';
import type { FieldReader } from './field-reader.ts';
import { setProperties } from './read-connect.ts';
import { readProperties } from './read-properties.ts';

type Members = Record<string, unknown>;

export function readPublish(reader: FieldReader, packet: Members): void {
  readPublishFlags(reader, packet);
  const topic = reader.text('topic', '3.3.2-1');
  packet['topic'] = topic;
  if (/[#+]/.test(topic)) reader.fault('wildcard-in-topic');
  const topicField = reader.last;
  if ((packet['qos'] as number) > 0) readPacketId(reader, packet);
  const properties = readProperties(reader, 'publish');
  setProperties(packet, properties);
  if (topic === '' && properties?.['topicAlias'] === undefined && topicField) {
    reader.fault('empty-topic', { start: topicField.start, end: topicField.end });
  }
  checkIdentifiers(reader, properties);
  packet['payload'] = reader.rest('payload');
}

/** They stand in the first byte, before the Remaining Length. */
function readPublishFlags(reader: FieldReader, packet: Members): void {
  const flags = (reader.bytes[0] as number) & 0x0f;
  const qos = (flags >>> 1) & 3;
  const place = { start: 0, end: 1 };
  Object.assign(packet, { qos, retain: (flags & 1) !== 0, dup: (flags & 8) !== 0 });
  reader.add({ name: 'dup', ...place, bits: 8, value: (flags & 8) !== 0 });
  if (flags & 8 && qos === 0) reader.fault('dup-at-qos-0');
  reader.add({ name: 'qos', ...place, bits: 6, value: qos });
  if (qos === 3) reader.fault('qos-3');
  reader.add({ name: 'retain', ...place, bits: 1, value: (flags & 1) !== 0 });
}

function checkIdentifiers(reader: FieldReader, properties: Members | undefined): void {
  if (reader.sender !== 'client' || properties?.['subscriptionIdentifiers'] === undefined) return;
  const block = reader.last;
  const place = block?.children?.find(({ name }) => name === 'subscriptionIdentifiers') ?? block;
  if (place) reader.fault('identifier-from-client', { start: place.start, end: place.end });
}

/** The payload says that it is text. */
export function checkTextPayload(reader: FieldReader, packet: Members): void {
  const properties = packet['properties'] as Members | undefined;
  const payload = packet['payload'];
  if (properties?.['payloadFormatIndicator'] !== 1 || !(payload instanceof Uint8Array)) return;
  if (!reader.isShortened && textOf(payload) === undefined) reader.fault('text-indicator');
}

export function readPacketId(reader: FieldReader, packet: Members): void {
  const id = reader.u16('packetId');
  packet['packetId'] = id;
  if (id !== 0) return;
  const type = packet['type'] as PacketType;
  if (/^pub(ack|rec|rel|comp)$/.test(type)) reader.fault('zero-id-in-answer');
  else if (type === 'suback' || type === 'unsuback') reader.fault('zero-id-in-list-answer');
  else reader.fault(reader.sender === 'client' ? 'zero-packet-id' : 'zero-packet-id-of-server');
}

type Ending = 'puback' | 'pubrec' | 'pubrel' | 'pubcomp' | 'disconnect' | 'auth';

export function readAcknowledgement(reader: FieldReader, packet: Members): void {
  readPacketId(reader, packet);
  readEnding(reader, packet);
}

/** Reason code and properties, which may both be left out. */
function readEnding(reader: FieldReader, packet: Members): void {
  const type = packet['type'] as Ending;
  packet['reasonCode'] = 0;
  if (reader.left === 0 || reader.version === '3.1.1') return;
  const code = reader.u8('reasonCode');
  packet['reasonCode'] = code;
  reader.annotate(reasonName(code, type));
  if (!mayCarry(type, code, reader.sender)) reader.fault(`${type}-code`);
  if (reader.left > 0) setProperties(packet, readProperties(reader, type));
}

export function readDisconnect(reader: FieldReader, packet: Members): void {
  readEnding(reader, packet);
  const properties = packet['properties'] as Members | undefined;
  if (reader.sender === 'server' && properties?.['sessionExpirySeconds'] !== undefined) {
    reader.fault('expiry-from-server');
  }
}

export function readAuth(reader: FieldReader, packet: Members): void {
  readEnding(reader, packet);
  const properties = packet['properties'] as Members | undefined;
  if (properties?.['authenticationMethod'] === undefined) {
    reader.fault('auth-without-method', { start: 0, end: reader.at });
  }
}
