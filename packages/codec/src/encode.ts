/** Packets to bytes. */
import { encodeAcknowledgement } from './acknowledgements.ts';
import { encodeAuth } from './auth.ts';
import { encodeConnack } from './connack.ts';
import { encodeConnect } from './connect.ts';
import { encodeDisconnect } from './disconnect.ts';
import { PacketTooLargeError } from './errors.ts';
import type { Packet, ProtocolVersion, PublishPacket } from './packet.ts';
import type { Role } from './packet-reader.ts';
import { packetTypeFacts, type PacketTypeFacts } from './packet-types.ts';
import { PacketWriter } from './packet-writer.ts';
import { encodePublish } from './publish.ts';
import { shorterForms } from './shorter-forms.ts';
import { encodeSubscribe } from './subscribe.ts';
import { encodeSubscribeAck } from './subscribe-acknowledgements.ts';
import { encodeUnsubscribe } from './unsubscribe.ts';

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
export function encode(packet: Packet, version: ProtocolVersion, options: EncodeOptions = {}): Uint8Array {
  const writer = new PacketWriter(version, options.role ?? 'either');
  writePacket(writer, packet, options.maximumPacketBytes ?? Infinity);
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
  const facts = packetTypeFacts.get(packet.type);
  if (facts === undefined) return writer.fail('bad-value', 'type');
  checkDirection(writer, facts);
  writer.u8((facts.number << 4) | facts.flags);
  const length = writer.openLength(0);
  writeBody(writer, packet);
  return writer.closeLength(length);
}

function writeBody(writer: PacketWriter, packet: Exclude<Packet, PublishPacket>): void {
  switch (packet.type) {
    case 'puback':
    case 'pubrec':
    case 'pubrel':
    case 'pubcomp':
      return encodeAcknowledgement(writer, packet);
    case 'connect':
      return encodeConnect(writer, packet);
    case 'connack':
      return encodeConnack(writer, packet);
    case 'subscribe':
      return encodeSubscribe(writer, packet);
    case 'unsubscribe':
      return encodeUnsubscribe(writer, packet);
    case 'suback':
    case 'unsuback':
      return encodeSubscribeAck(writer, packet);
    case 'disconnect':
      return encodeDisconnect(writer, packet);
    case 'auth':
      return encodeAuth(writer, packet);
    default:
      // PINGREQ and PINGRESP are their first byte.
      return undefined;
  }
}

function checkDirection(writer: PacketWriter, { type, sender }: PacketTypeFacts): void {
  const { role } = writer;
  const isOthers = sender !== 'both' && role !== 'either' && sender !== role;
  const isServerFarewell = type === 'disconnect' && writer.version === '3.1.1' && role === 'server';
  if (isOthers || isServerFarewell) writer.fail('wrong-direction', type);
}
