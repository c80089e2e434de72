/**
 * CONNACK (§3.2): the server's answer to CONNECT.
 *
 *     flags (bit 0: session present) · reason code · properties (5.0)
 */
import type { ConnackPacket } from './packet.ts';
import type { PacketReader } from './packet-reader.ts';
import type { PacketWriter } from './packet-writer.ts';
import { readProperties } from './property-reader.ts';
import { writeProperties } from './property-writer.ts';
import { readReasonCode, writeReasonCode } from './reason-code-field.ts';

/** The return codes 0 to 5 of 3.1.1, as reason codes of 5.0. */
const returnCodes: readonly number[] = [0x00, 0x84, 0x85, 0x88, 0x86, 0x87];

export function encodeConnack(writer: PacketWriter, { sessionPresent, reasonCode, properties }: ConnackPacket): void {
  if (sessionPresent && reasonCode !== 0) writer.fail('session-present-on-failure', 'sessionPresent');
  writer.u8(writer.flag(sessionPresent, 1, 'sessionPresent'));
  if (writer.version === '3.1.1') writeReturnCode(writer, reasonCode);
  else writeReasonCode(writer, 'connack', reasonCode);
  writeProperties(writer, properties, 'connack');
}

export function decodeConnack(reader: PacketReader): ConnackPacket {
  const flags = reader.u8();
  if (flags > 1) reader.fail('bad-connack-flags');
  const sessionPresent = flags === 1;
  const isOld = reader.version === '3.1.1';
  // A server that knows only 3.1.1 refuses a 5.0 CONNECT in its own words [MQTT-3.1.2-2].
  if (!isOld && reader.left === 1 && returnCodes[reader.bytes[reader.at] as number]) {
    reader.fail('unsupported-protocol');
  }
  const reasonCode = isOld ? readReturnCode(reader) : readReasonCode(reader, 'connack');
  if (sessionPresent && reasonCode !== 0) reader.fail('session-present-on-failure');
  const properties = readProperties(reader, 'connack');
  return { type: 'connack', sessionPresent, reasonCode, ...(properties && { properties }) };
}

function writeReturnCode(writer: PacketWriter, reasonCode: number): void {
  const code = returnCodes.indexOf(reasonCode);
  if (code === -1) writer.fail('bad-reason-code', 'reasonCode');
  writer.u8(code);
}

function readReturnCode(reader: PacketReader): number {
  return returnCodes[reader.u8()] ?? reader.fail('bad-reason-code');
}
