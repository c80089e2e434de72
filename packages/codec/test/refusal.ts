/** What the encoder says to a packet that it refuses. */
import { encode, InvalidPacketError, PacketEncoder } from '../src/index.ts';
import type { EncodeOptions, Packet, ProtocolVersion } from '../src/index.ts';

/** A packet that both versions and both ends may send. */
const neighbour: Packet = { type: 'pubcomp', packetId: 0x0102, reasonCode: 0 };
const neighbourBytes = '70020102';

/**
 * The error that `packet` is refused with. Throws when the packet is accepted, and when its refusal leaves a byte behind
 * in an encoder or harms the packets around it.
 */
export function refusal(packet: unknown, version: ProtocolVersion = '5.0', options: EncodeOptions = {}): unknown {
  const encoder = new PacketEncoder({ version, ...options });
  encoder.append(neighbour);
  const error = thrownBy(() => encoder.append(packet as Packet));
  if (encoder.length !== neighbourBytes.length / 2) throw new Error(`${encoder.length} bytes after the refusal`);
  encoder.append(neighbour);
  const written = toHex(encoder.take());
  if (written !== neighbourBytes + neighbourBytes) throw new Error(`the refusal left ${written} behind`);
  return error;
}

/** What `action` throws; throws itself when that is nothing. */
export function thrownBy(action: () => unknown): unknown {
  try {
    action();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was refused');
}

export function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** The bytes that `packet` is written as, in hexadecimal, or how it is refused: problem, field and statement. */
export function outcome(packet: unknown, version: ProtocolVersion = '5.0', options: EncodeOptions = {}): string {
  try {
    return toHex(encode(packet as Packet, version, options));
  } catch (error) {
    if (!(error instanceof InvalidPacketError)) return String(error);
    return [error.problem, error.field, error.statement].join(' ').trim();
  }
}
