/**
 * DISCONNECT (§3.14): the last packet of a connection. In 3.1.1 only a client sends it, and it is empty.
 *
 *     reason code (left out with the rest when 0x00) · properties (left out when empty)
 */
import type { DisconnectPacket } from './packet.ts';
import type { PacketReader } from './packet-reader.ts';
import type { PacketWriter } from './packet-writer.ts';
import { readEnding, writeEnding } from './reason-code-field.ts';

/** The statement that a server does not send one. */
const SESSION_EXPIRY = '3.14.2-2';

export function encodeDisconnect(writer: PacketWriter, packet: DisconnectPacket): void {
  if (writer.role === 'server' && packet.properties?.sessionExpirySeconds !== undefined) {
    writer.fail('wrong-direction', 'properties.sessionExpirySeconds', SESSION_EXPIRY);
  }
  writeEnding(writer, packet);
}

export function decodeDisconnect(reader: PacketReader): DisconnectPacket {
  const packet = readEnding(reader, 'disconnect');
  if (reader.role === 'client' && packet.properties?.sessionExpirySeconds !== undefined) {
    reader.fail('wrong-direction', SESSION_EXPIRY);
  }
  return packet;
}
