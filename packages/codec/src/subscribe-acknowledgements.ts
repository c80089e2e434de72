/**
 * SUBACK and UNSUBACK (§3.9, §3.11).
 *
 *     packet id u16 · properties (5.0) · one reason code for each filter (UNSUBACK of 3.1.1: none)
 */
import type { SubackPacket, UnsubackPacket } from './packet.ts';
import type { PacketReader } from './packet-reader.ts';
import type { PacketWriter } from './packet-writer.ts';
import type { AckProperties } from './properties.ts';
import { readProperties } from './property-reader.ts';
import { propertySetOf } from './property-table.ts';
import { writeProperties } from './property-writer.ts';
import { readReasonCode, writeReasonCode } from './reason-code-field.ts';

const ackSet = propertySetOf('suback');

type SubscribeAckType = 'suback' | 'unsuback';

export function encodeSubscribeAck(writer: PacketWriter, packet: SubackPacket | UnsubackPacket): void {
  const { type, packetId, reasonCodes, properties } = packet;
  const codes = writer.list<number>(reasonCodes, 'reasonCodes');
  const hasCodes = carriesCodes(type, writer.version);
  if (hasCodes && codes.length === 0) writer.fail('no-reason-codes', 'reasonCodes');
  if (!hasCodes && codes.length > 0) writer.fail('only-in-5.0', 'reasonCodes');
  writer.packetId(packetId);
  writeProperties(writer, properties, ackSet);
  for (const code of codes) {
    if (writer.version === '3.1.1' && !isCodeOf311(code)) writer.fail('bad-reason-code', 'reasonCodes', STATEMENT_311);
    writeReasonCode(writer, type, code, 'reasonCodes');
  }
}

export function decodeSubscribeAck<Type extends SubscribeAckType>(
  reader: PacketReader,
  type: Type,
): { type: Type; packetId: number; reasonCodes: number[]; properties?: AckProperties } {
  const packetId = reader.packetId();
  const properties = readProperties<AckProperties>(reader, ackSet);
  const reasonCodes: number[] = [];
  if (carriesCodes(type, reader.version) && reader.left === 0) reader.fail('no-reason-codes');
  while (carriesCodes(type, reader.version) && reader.left > 0) {
    const code = readReasonCode(reader, type);
    if (reader.version === '3.1.1' && !isCodeOf311(code)) reader.fail('bad-reason-code', STATEMENT_311);
    reasonCodes.push(code);
  }
  return { type, packetId, reasonCodes, ...(properties && { properties }) };
}

const STATEMENT_311 = 'MQTT-3.9.3-2';

function carriesCodes(type: SubscribeAckType, version: string): boolean {
  return type === 'suback' || version !== '3.1.1';
}

/** Granted QoS 0, 1, 2 and failure. */
function isCodeOf311(code: number): boolean {
  return code <= 2 || code === 0x80;
}
