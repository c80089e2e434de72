/**
 * CONNACK (§3.2): the server's answer to CONNECT.
 *
 *     flags (bit 0: session present) · reason code · properties (5.0)
 */
import type { ConnackPacket } from './packet.ts';
import type { PacketReader } from './packet-reader.ts';
import type { PacketWriter } from './packet-writer.ts';
import { firstBytes } from './packet-types.ts';
import type { ConnackProperties } from './properties.ts';
import { readProperties } from './property-reader.ts';
import { propertySetOf } from './property-table.ts';
import { writeProperties } from './property-writer.ts';
import { mayCarry } from './reason-codes.ts';

const connackSet = propertySetOf('connack');

/** The return codes 0 to 5 of 3.1.1, as reason codes of 5.0. */
const returnCodes: readonly number[] = [0x00, 0x84, 0x85, 0x88, 0x86, 0x87];

export function encodeConnack(writer: PacketWriter, packet: ConnackPacket): void {
  const { sessionPresent, reasonCode, properties } = packet;
  if (typeof sessionPresent !== 'boolean') writer.fail('bad-value', 'sessionPresent');
  if (sessionPresent && reasonCode !== 0) writer.fail('session-present-on-failure', 'sessionPresent');
  writer.u8(firstBytes.connack);
  const length = writer.openLength(0);
  writer.u8(sessionPresent ? 1 : 0);
  writer.u8(encodeReasonCode(writer, reasonCode));
  writeProperties(writer, properties, connackSet);
  writer.closeLength(length);
}

export function decodeConnack(reader: PacketReader): ConnackPacket {
  const isShort = reader.left === 2;
  const flags = reader.u8();
  if (flags > 1) reader.fail('bad-connack-flags');
  const reasonCode = decodeReasonCode(reader, isShort);
  const sessionPresent = flags === 1;
  if (sessionPresent && reasonCode !== 0) reader.fail('session-present-on-failure');
  const properties = reader.version === '3.1.1' ? undefined : readProperties<ConnackProperties>(reader, connackSet);
  if (properties?.authenticationData !== undefined && properties.authenticationMethod === undefined) {
    reader.fail('no-authentication-method');
  }
  return { type: 'connack', sessionPresent, reasonCode, ...(properties && { properties }) };
}

function encodeReasonCode(writer: PacketWriter, reasonCode: number): number {
  const isV5 = writer.version === '5.0';
  const code = isV5 ? reasonCode : returnCodes.indexOf(reasonCode);
  if (code === -1 || (isV5 && !mayCarry('connack', code, 'server'))) {
    writer.fail('bad-reason-code', 'reasonCode', isV5 ? 'MQTT-3.2.2-8' : undefined);
  }
  return code;
}

function decodeReasonCode(reader: PacketReader, isShort: boolean): number {
  const code = reader.u8();
  if (reader.version === '3.1.1') {
    const reasonCode = returnCodes[code];
    if (reasonCode === undefined) reader.fail('bad-reason-code');
    return reasonCode;
  }
  // A server that knows only 3.1.1 refuses a 5.0 CONNECT in its own words [MQTT-3.1.2-2].
  if (isShort && code > 0 && code < returnCodes.length) reader.fail('unsupported-protocol');
  if (!mayCarry('connack', code, 'server')) reader.fail('bad-reason-code', 'MQTT-3.2.2-8');
  return code;
}
