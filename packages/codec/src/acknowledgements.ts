/**
 * PUBACK, PUBREC, PUBREL and PUBCOMP (§3.4 to §3.7): four names for one layout.
 *
 *     packet id u16 · reason code (5.0; left out with the rest when 0x00) · properties (5.0; left out when empty)
 */
import type { AcknowledgementPacket } from './packet.ts';
import type { PacketReader } from './packet-reader.ts';
import type { PacketWriter } from './packet-writer.ts';
import type { AckProperties } from './properties.ts';
import { readEnding, writeEnding } from './reason-code-field.ts';

export function encodeAcknowledgement(writer: PacketWriter, packet: AcknowledgementPacket): void {
  writer.packetId(packet.packetId);
  writeEnding(writer, packet);
}

export function decodeAcknowledgement<Type extends AcknowledgementPacket['type']>(
  reader: PacketReader,
  type: Type,
): { type: Type; packetId: number; reasonCode: number; properties?: AckProperties } {
  const packetId = reader.packetId();
  // The short form in one literal: this is the path of every acknowledgement.
  if (reader.left === 0) return { type, packetId, reasonCode: 0 };
  return { packetId, ...readEnding(reader, type) };
}
