/**
 * SUBACK and UNSUBACK (§3.9, §3.11).
 *
 *     packet id u16 · properties (5.0) · one reason code for each filter (UNSUBACK of 3.1.1: none)
 */
import type { SubackPacket, UnsubackPacket } from './packet.ts';
import type { PacketReader } from './packet-reader.ts';
import type { PacketWriter } from './packet-writer.ts';
import { firstBytes } from './packet-types.ts';
import type { AckProperties } from './properties.ts';
import { readProperties } from './property-reader.ts';
import { propertySetOf } from './property-table.ts';
import { writeProperties } from './property-writer.ts';
import { mayCarry } from './reason-codes.ts';

const ackSet = propertySetOf('suback');
/** Granted QoS 0, 1, 2 and failure. */
const codesOf311: readonly number[] = [0x00, 0x01, 0x02, 0x80];

type SubscribeAckType = 'suback' | 'unsuback';

export function encodeSubscribeAck(writer: PacketWriter, packet: SubackPacket | UnsubackPacket): void {
  const { type, packetId, reasonCodes, properties } = packet;
  if (!Array.isArray(reasonCodes)) writer.fail('bad-value', 'reasonCodes');
  const hasCodes = carriesCodes(type, writer.version);
  if (hasCodes && reasonCodes.length === 0) writer.fail('no-reason-codes', 'reasonCodes');
  if (!hasCodes && reasonCodes.length > 0) writer.fail('only-in-5.0', 'reasonCodes');
  writer.u8(firstBytes[type]);
  const length = writer.openLength(0);
  writer.packetId(packetId);
  writeProperties(writer, properties, ackSet);
  for (const code of reasonCodes) {
    if (!isAllowed(type, code, writer.version)) writer.fail('bad-reason-code', 'reasonCodes', statementOf(type));
    writer.u8(code);
  }
  writer.closeLength(length);
}

export function decodeSubscribeAck<Type extends SubscribeAckType>(
  reader: PacketReader,
  type: Type,
): { type: Type; packetId: number; reasonCodes: number[]; properties?: AckProperties } {
  const packetId = reader.packetId();
  const properties = reader.version === '3.1.1' ? undefined : readProperties<AckProperties>(reader, ackSet);
  const reasonCodes: number[] = [];
  if (carriesCodes(type, reader.version)) {
    if (reader.left === 0) reader.fail('no-reason-codes');
    while (reader.left > 0) {
      const code = reader.u8();
      if (!isAllowed(type, code, reader.version)) reader.fail('bad-reason-code', statementOf(type));
      reasonCodes.push(code);
    }
  }
  return { type, packetId, reasonCodes, ...(properties && { properties }) };
}

function carriesCodes(type: SubscribeAckType, version: string): boolean {
  return type === 'suback' || version !== '3.1.1';
}

function isAllowed(type: SubscribeAckType, code: number, version: string): boolean {
  return version === '3.1.1' ? codesOf311.includes(code) : mayCarry(type, code, 'server');
}

// SUBACK has the same number in both versions; UNSUBACK carries codes only in 5.0.
function statementOf(type: SubscribeAckType): string {
  return type === 'suback' ? 'MQTT-3.9.3-2' : 'MQTT-3.11.3-2';
}
