/** Bytes to packets. */
import type { Packet, ProtocolVersion } from './packet.ts';
import { PacketReader, type Role } from './packet-reader.ts';
import { formats, type PacketFormat } from './packet-formats.ts';
import { maySend } from './packet-types.ts';

export interface DecodeOptions {
  /** Which end reads; packets, reason codes and properties that only this end sends are refused. Default: `either`. */
  readonly role?: Role;
}

/**
 * Decodes exactly one packet. Throws a `MalformedPacketError` when the bytes are less, more, or not what the standard
 * allows. Payloads and other binary fields are views of `bytes`.
 */
export function decode(bytes: Uint8Array, version: ProtocolVersion, { role = 'either' }: DecodeOptions = {}): Packet {
  const reader = new PacketReader(version, role);
  reader.open(bytes, 0, bytes.length);
  const firstByte = reader.u8();
  checkFixedHeader(reader, firstByte);
  const length = reader.variable();
  if (length > reader.left) reader.fail('truncated');
  if (length < reader.left) reader.fail('trailing-bytes');
  return readPacket(reader, firstByte);
}

/** Reads the packet whose body `reader` was opened on; its fixed header was checked. */
export function readPacket(reader: PacketReader, firstByte: number): Packet {
  const format = formats[(firstByte >>> 4) - 1] as PacketFormat;
  const packet = format.decode(reader, format.type, firstByte & 0x0f);
  if (reader.left > 0) reader.fail('trailing-bytes');
  return packet;
}

/** Refuses what the first byte alone gives away, before anything is buffered for it. */
export function checkFixedHeader(reader: PacketReader, firstByte: number): void {
  const format = formats[(firstByte >>> 4) - 1];
  const { version, sender } = reader;
  if (format === undefined || (version === '3.1.1' && format.type === 'auth')) return reader.fail('reserved-type');
  // Until a CONNECT has told the version, nothing else can be read.
  if (version === 'auto' && format.type !== 'connect') reader.fail('wrong-direction', '3.1.0-1');
  if (format.type === 'publish') return undefined;
  if ((firstByte & 0x0f) !== format.flags) reader.fail('reserved-flags');
  if (!maySend(sender, format, version)) reader.fail('wrong-direction');
  return undefined;
}
