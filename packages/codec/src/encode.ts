/** Packets to bytes. */
import { PacketTooLargeError } from './errors.ts';
import type { Packet, ProtocolVersion } from './packet.ts';
import type { Role } from './packet-reader.ts';
import { formatsByType } from './packet-formats.ts';
import { maySend } from './packet-types.ts';
import { PacketWriter } from './packet-writer.ts';
import { encodePublish } from './publish.ts';
import { shorterForms } from './shorter-forms.ts';

export interface EncodeOptions {
  /** Which end sends; packets and reason codes of the other end are refused. Default: `either`. */
  readonly role?: Role;
  /** The most bytes the peer accepts for a packet. Default: what the protocol can express. */
  readonly maximumPacketBytes?: number;
}

/**
 * Throws an `InvalidPacketError` for a packet that the standard forbids and a `PacketTooLargeError` for one above the
 * limit. Where only a reason string or user properties make an answer too large, they are left out.
 */
export function encode(
  packet: Packet,
  version: ProtocolVersion,
  { role = 'either', maximumPacketBytes = Infinity }: EncodeOptions = {},
): Uint8Array {
  const writer = new PacketWriter(version, role);
  writePacket(writer, packet, maximumPacketBytes);
  return writer.bytes.subarray(0, writer.at);
}

/** Appends one packet, or nothing when it throws. */
export function writePacket(writer: PacketWriter, packet: Packet, maximumPacketBytes: number): void {
  const start = writer.at;
  try {
    writeFrame(writer, packet);
    if (writer.at - start > maximumPacketBytes) writeShorter(writer, packet, start, maximumPacketBytes);
  } catch (error) {
    writer.at = start;
    throw error;
  }
}

function writeShorter(writer: PacketWriter, packet: Packet, start: number, limit: number): void {
  const size = writer.at - start;
  for (const shorter of shorterForms(packet)) {
    writer.at = start;
    writeFrame(writer, shorter);
    if (writer.at - start <= limit) return;
  }
  throw new PacketTooLargeError({ size, limit });
}

function writeFrame(writer: PacketWriter, packet: Packet): void {
  writer.object(packet, 'packet');
  // The path of every message knows best how long it becomes.
  if (packet.type === 'publish') return encodePublish(writer, packet);
  const format = formatsByType.get(packet.type);
  if (format === undefined) return writer.fail('bad-value', 'type');
  const { type, number, flags } = format;
  if (!maySend(writer.role, format, writer.version)) writer.fail('wrong-direction', type);
  writer.u8((number << 4) | flags);
  const length = writer.open(0);
  format.encode(writer, packet);
  return writer.close(length);
}
