/**
 * DISCONNECT (§3.14): the last packet of a connection. In 3.1.1 only a client sends it, and it is empty.
 *
 *     reason code (left out with the rest when 0x00) · properties (left out when empty)
 */
import type { DisconnectPacket } from './packet.ts';
import type { PacketReader } from './packet-reader.ts';
import type { PacketWriter } from './packet-writer.ts';
import { firstBytes } from './packet-types.ts';
import type { DisconnectProperties } from './properties.ts';
import { readProperties } from './property-reader.ts';
import { propertySetOf } from './property-table.ts';
import { hasProperties, refuseProperties, writeProperties } from './property-writer.ts';
import { mayCarry } from './reason-codes.ts';

const disconnectSet = propertySetOf('disconnect');
const REASON_CODES = 'MQTT-3.14.2-1';

export function encodeDisconnect(writer: PacketWriter, packet: DisconnectPacket): void {
  const { reasonCode, properties } = packet;
  writer.u8(firstBytes.disconnect);
  const length = writer.openLength(0);
  if (writer.version === '3.1.1') {
    if (reasonCode !== 0) writer.fail('only-in-5.0', 'reasonCode');
    refuseProperties(writer, properties);
  } else {
    if (!mayCarry('disconnect', reasonCode, writer.role)) writer.fail('bad-reason-code', 'reasonCode', REASON_CODES);
    if (properties?.sessionExpirySeconds !== undefined && writer.role === 'server') {
      writer.fail('session-expiry-from-server', 'properties.sessionExpirySeconds');
    }
    const isLong = hasProperties(properties);
    if (isLong || reasonCode !== 0) writer.u8(reasonCode);
    if (isLong) writeProperties(writer, properties, disconnectSet);
  }
  writer.closeLength(length);
}

export function decodeDisconnect(reader: PacketReader): DisconnectPacket {
  if (reader.left === 0 || reader.version === '3.1.1') return { type: 'disconnect', reasonCode: 0 };
  const reasonCode = reader.u8();
  if (!mayCarry('disconnect', reasonCode, reader.sender)) reader.fail('bad-reason-code', REASON_CODES);
  if (reader.left === 0) return { type: 'disconnect', reasonCode };
  const properties = readProperties<DisconnectProperties>(reader, disconnectSet);
  if (properties?.sessionExpirySeconds !== undefined && reader.role === 'client') {
    reader.fail('session-expiry-from-server');
  }
  return { type: 'disconnect', reasonCode, ...(properties && { properties }) };
}
