/**
 * DISCONNECT (§3.14): the last packet of a connection. In 3.1.1 only a client sends it, and it is empty.
 *
 *     reason code (left out with the rest when 0x00) · properties (left out when empty)
 */
import type { DisconnectPacket } from './packet.ts';
import type { PacketReader } from './packet-reader.ts';
import type { PacketWriter } from './packet-writer.ts';
import type { DisconnectProperties } from './properties.ts';
import { propertySetOf } from './property-table.ts';
import { readEnding, writeEnding } from './reason-code-field.ts';

const disconnectSet = propertySetOf('disconnect');

export function encodeDisconnect(writer: PacketWriter, packet: DisconnectPacket): void {
  if (writer.role === 'server' && packet.properties?.sessionExpirySeconds !== undefined) {
    writer.fail('session-expiry-from-server', 'properties.sessionExpirySeconds');
  }
  writeEnding(writer, packet, disconnectSet);
}

export function decodeDisconnect(reader: PacketReader): DisconnectPacket {
  const ending = readEnding<DisconnectProperties>(reader, 'disconnect', disconnectSet);
  if (reader.role === 'client' && ending.properties?.sessionExpirySeconds !== undefined) {
    reader.fail('session-expiry-from-server');
  }
  return { type: 'disconnect', ...ending };
}
