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
import { firstBytes } from './packet-types.ts';
import type { AuthProperties } from './properties.ts';
import { readProperties } from './property-reader.ts';
import { propertySetOf } from './property-table.ts';
import { writeProperties } from './property-writer.ts';
import { mayCarry } from './reason-codes.ts';

const authSet = propertySetOf('auth');
const REASON_CODES = 'MQTT-3.15.2-1';

export function encodeAuth(writer: PacketWriter, { reasonCode, properties }: AuthPacket): void {
  if (writer.version === '3.1.1') writer.fail('only-in-5.0', 'auth');
  if (properties?.authenticationMethod === undefined) {
    writer.fail('no-authentication-method', 'properties.authenticationMethod');
  }
  if (!mayCarry('auth', reasonCode, writer.role)) writer.fail('bad-reason-code', 'reasonCode', REASON_CODES);
  writer.u8(firstBytes.auth);
  const length = writer.openLength(0);
  writer.u8(reasonCode);
  writeProperties(writer, properties, authSet);
  writer.closeLength(length);
}

export function decodeAuth(reader: PacketReader): AuthPacket {
  if (reader.left === 0) reader.fail('no-authentication-method');
  const reasonCode = reader.u8();
  if (!mayCarry('auth', reasonCode, reader.sender)) reader.fail('bad-reason-code', REASON_CODES);
  const properties = reader.left === 0 ? undefined : readProperties<AuthProperties>(reader, authSet);
  if (properties?.authenticationMethod === undefined) reader.fail('no-authentication-method');
  return { type: 'auth', reasonCode, properties };
}
