/**
 * PUBLISH (§3.3): an application message.
 *
 *     flags: 3 DUP · 2–1 QoS · 0 RETAIN
 *     topic · packet id u16 (QoS 1 and 2) · properties (5.0) · payload (the rest)
 */
import type { PublishPacket, QoS } from './packet.ts';
import type { PacketReader } from './packet-reader.ts';
import { isIntegerWithin, type PacketWriter } from './packet-writer.ts';
import { readProperties } from './property-reader.ts';
import { writeProperties } from './property-writer.ts';

const PUBLISH = 0x30;
const DUP = 0x08;
const RETAIN = 0x01;
// The statements that speak of this packet.
const BAD_QOS = '3.3.1-4';
const WILDCARD = '3.3.2-2';
const IDENTIFIERS = '3.3.4-6';

export function encodePublish(writer: PacketWriter, packet: PublishPacket): void {
  const { topic, payload, qos, retain, dup, packetId, properties } = packet;
  if (!isIntegerWithin(qos, 0, 2)) writer.fail('bad-qos', 'qos', BAD_QOS);
  if (qos === 0 && dup) writer.fail('dup-at-qos-0', 'dup');
  if (qos === 0 && packetId !== undefined) writer.fail('unexpected-packet-id', 'packetId');
  if (!(payload instanceof Uint8Array)) writer.fail('bad-value', 'payload');
  if (writer.role === 'client' && properties?.subscriptionIdentifiers !== undefined) {
    writer.fail('wrong-direction', 'properties.subscriptionIdentifiers', IDENTIFIERS);
  }
  if (typeof topic !== 'string') writer.fail('bad-value', 'topic');
  writer.u8(PUBLISH | writer.flag(dup, DUP, 'dup') | (qos << 1) | writer.flag(retain, RETAIN, 'retain'));
  const length = writer.open(topic.length + payload.length + 5 + (properties ? writer.propertyBytes : 0));
  if (topic === '' && properties?.topicAlias !== undefined) writer.u16(0);
  else writer.topic(topic, 'topic', WILDCARD);
  if (qos > 0) writer.packetId(packetId);
  writeProperties(writer, properties, 'publish');
  writer.raw(payload);
  writer.close(length);
}

export function decodePublish(reader: PacketReader, type: 'publish', flags: number): PublishPacket {
  const qos = ((flags >>> 1) & 3) as QoS;
  const dup = (flags & DUP) !== 0;
  const retain = (flags & RETAIN) !== 0;
  // The bits have room for a fourth QoS.
  if ((qos as number) === 3) reader.fail('bad-qos', BAD_QOS);
  if (dup && qos === 0) reader.fail('dup-at-qos-0');
  const topic = reader.topic(WILDCARD);
  const packetId = qos === 0 ? 0 : reader.packetId();
  const properties = readProperties(reader, 'publish');
  if (topic === '' && properties?.topicAlias === undefined) reader.fail('empty-topic');
  if (reader.role === 'server' && properties?.subscriptionIdentifiers !== undefined) {
    reader.fail('wrong-direction', IDENTIFIERS);
  }
  const payload = reader.rest();
  // Four literals and no spread: this is the path of every message.
  if (qos === 0) {
    if (properties === undefined) return { type, topic, payload, qos, retain, dup };
    return { type, topic, payload, qos, retain, dup, properties };
  }
  if (properties === undefined) return { type, topic, payload, qos, retain, dup, packetId };
  return { type, topic, payload, qos, retain, dup, packetId, properties };
}
