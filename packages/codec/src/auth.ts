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
import type { AuthProperties } from './properties.ts';
import { propertySetOf } from './property-table.ts';
import { writeProperties } from './property-writer.ts';
import { readEnding, writeReasonCode } from './reason-code-field.ts';

const authSet = propertySetOf('auth');

export function encodeAuth(writer: PacketWriter, { reasonCode, properties }: AuthPacket): void {
  if (writer.version === '3.1.1') writer.fail('only-in-5.0', 'auth');
  if (properties?.authenticationMethod === undefined) {
    writer.fail('no-authentication-method', 'properties.authenticationMethod');
  }
  writeReasonCode(writer, 'auth', reasonCode);
  writeProperties(writer, properties, authSet);
}

export function decodeAuth(reader: PacketReader): AuthPacket {
  const { reasonCode, properties } = readEnding<AuthProperties>(reader, 'auth', authSet);
  if (properties?.authenticationMethod === undefined) reader.fail('no-authentication-method');
  return { type: 'auth', reasonCode, properties };
}
