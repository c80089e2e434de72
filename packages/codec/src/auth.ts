/**
 * AUTH (§3.15): one step of an enhanced authentication; only in 5.0.
 *
 *     reason code · properties
 *
 * The standard lets both be left out for 0x00 without properties, and then calls a missing Authentication Method a
 * protocol error (§3.15.2.1, §3.15.2.2.2). The empty form cannot carry the method, so it is refused.
 */
import type { AuthPacket } from './packet.ts';
import type { PacketReader } from './packet-reader.ts';
import type { PacketWriter } from './packet-writer.ts';
import { readEnding, writeEnding } from './reason-code-field.ts';

export function encodeAuth(writer: PacketWriter, packet: AuthPacket): void {
  if (writer.version === '3.1.1') writer.fail('only-in-5.0', 'auth');
  if (packet.properties?.authenticationMethod === undefined) {
    writer.fail('no-authentication-method', 'properties.authenticationMethod');
  }
  writeEnding(writer, packet);
}

export function decodeAuth(reader: PacketReader): AuthPacket {
  const packet = readEnding(reader, 'auth');
  if (packet.properties?.authenticationMethod === undefined) reader.fail('no-authentication-method');
  return packet as AuthPacket;
}
