/** Bytes to packets. */
import { decodeAcknowledgement } from './acknowledgements.ts';
import { decodeAuth } from './auth.ts';
import { decodeConnack } from './connack.ts';
import { decodeConnect } from './connect.ts';
import { decodeDisconnect } from './disconnect.ts';
import type { Packet, ProtocolVersion } from './packet.ts';
import { PacketReader, type Role } from './packet-reader.ts';
import { packetTypes, type PacketTypeFacts } from './packet-types.ts';
import { decodePublish } from './publish.ts';
import { decodeSubscribe } from './subscribe.ts';
import { decodeSubscribeAck } from './subscribe-acknowledgements.ts';
import { decodeUnsubscribe } from './unsubscribe.ts';

export interface DecodeOptions {
  /** Which end reads; packets, reason codes and properties that only this end sends are refused. Default: `either`. */
  readonly role?: Role;
}

/**
 * Decodes exactly one packet. Throws a `MalformedPacketError` when the bytes are less, more, or not what the standard
 * allows. Payloads and other binary fields are views of `bytes`.
 */
export function decode(bytes: Uint8Array, version: ProtocolVersion, options: DecodeOptions = {}): Packet {
  const reader = new PacketReader(version, options.role ?? 'either');
  reader.open(bytes, 0, 0, bytes.length);
  const firstByte = reader.u8();
  checkFixedHeader(reader, firstByte);
  const length = reader.variable();
  if (length > reader.left) reader.fail('truncated');
  if (length < reader.left) reader.fail('trailing-bytes');
  return readPacket(reader, firstByte);
}

/** Reads the packet whose body `reader` was opened on; its fixed header was checked. */
export function readPacket(reader: PacketReader, firstByte: number): Packet {
  const packet = readBody(reader, firstByte >>> 4, firstByte & 0x0f);
  reader.finish();
  return packet;
}

const factsByNumber: readonly (PacketTypeFacts | undefined)[] = [undefined, ...packetTypes];

/** Refuses what the first byte alone gives away, before anything is buffered for it. */
export function checkFixedHeader(reader: PacketReader, firstByte: number): void {
  const facts = factsByNumber[firstByte >>> 4];
  if (facts === undefined) reader.fail('reserved-type');
  const { type, flags, sender } = facts;
  // Until a CONNECT has told the version, nothing else can be read.
  if (reader.version === 'auto' && type !== 'connect') reader.fail('wrong-direction', 'MQTT-3.1.0-1');
  if (type === 'publish') return;
  const isV311 = reader.version === '3.1.1';
  if (isV311 && type === 'auth') reader.fail('reserved-type');
  if ((firstByte & 0x0f) !== flags) reader.fail('reserved-flags');
  const isServerFarewell = isV311 && type === 'disconnect' && reader.role === 'client';
  if (sender === reader.role || isServerFarewell) reader.fail('wrong-direction');
}

function readBody(reader: PacketReader, number: number, flags: number): Packet {
  switch (number) {
    case 1:
      return decodeConnect(reader);
    case 2:
      return decodeConnack(reader);
    case 3:
      return decodePublish(reader, flags);
    case 4:
      return decodeAcknowledgement(reader, 'puback');
    case 5:
      return decodeAcknowledgement(reader, 'pubrec');
    case 6:
      return decodeAcknowledgement(reader, 'pubrel');
    case 7:
      return decodeAcknowledgement(reader, 'pubcomp');
    case 8:
      return decodeSubscribe(reader);
    case 9:
      return decodeSubscribeAck(reader, 'suback');
    case 10:
      return decodeUnsubscribe(reader);
    case 11:
      return decodeSubscribeAck(reader, 'unsuback');
    case 12:
      return { type: 'pingreq' };
    case 13:
      return { type: 'pingresp' };
    case 14:
      return decodeDisconnect(reader);
    default:
      return decodeAuth(reader);
  }
}
