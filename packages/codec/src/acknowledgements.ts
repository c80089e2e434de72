/**
 * PUBACK, PUBREC, PUBREL and PUBCOMP (§3.4 to §3.7): four names for one layout.
 *
 *     packet id u16 · reason code (5.0; left out with the rest when 0x00) · properties (5.0; left out when empty)
 */
import type { AcknowledgementPacket } from './packet.ts';
import type { PacketReader } from './packet-reader.ts';
import type { PacketWriter } from './packet-writer.ts';
import { firstBytes } from './packet-types.ts';
import type { AckProperties } from './properties.ts';
import { readProperties } from './property-reader.ts';
import { propertySetOf } from './property-table.ts';
import { hasProperties, refuseProperties, writeProperties } from './property-writer.ts';
import { mayCarry } from './reason-codes.ts';

type AcknowledgementType = AcknowledgementPacket['type'];

// All four may carry the same two properties.
const ackSet = propertySetOf('puback');

const reasonCodeStatements: Readonly<Record<AcknowledgementType, string>> = {
  puback: 'MQTT-3.4.2-1',
  pubrec: 'MQTT-3.5.2-1',
  pubrel: 'MQTT-3.6.2-1',
  pubcomp: 'MQTT-3.7.2-1',
};

export function encodeAcknowledgement(writer: PacketWriter, packet: AcknowledgementPacket): void {
  const { type, packetId, reasonCode, properties } = packet;
  writer.u8(firstBytes[type]);
  const length = writer.openLength(0);
  writer.packetId(packetId);
  if (writer.version === '3.1.1') {
    if (reasonCode !== 0) writer.fail('only-in-5.0', 'reasonCode');
    refuseProperties(writer, properties);
  } else {
    if (!mayCarry(type, reasonCode, writer.role)) {
      writer.fail('bad-reason-code', 'reasonCode', reasonCodeStatements[type]);
    }
    const isLong = hasProperties(properties);
    if (isLong || reasonCode !== 0) writer.u8(reasonCode);
    if (isLong) writeProperties(writer, properties, ackSet);
  }
  writer.closeLength(length);
}

export function decodeAcknowledgement<Type extends AcknowledgementType>(
  reader: PacketReader,
  type: Type,
): { type: Type; packetId: number; reasonCode: number; properties?: AckProperties } {
  const packetId = reader.packetId();
  if (reader.left === 0 || reader.version === '3.1.1') return { type, packetId, reasonCode: 0 };
  const reasonCode = reader.u8();
  if (!mayCarry(type, reasonCode, reader.sender)) reader.fail('bad-reason-code', reasonCodeStatements[type]);
  if (reader.left === 0) return { type, packetId, reasonCode };
  const properties = readProperties<AckProperties>(reader, ackSet);
  return { type, packetId, reasonCode, ...(properties && { properties }) };
}
