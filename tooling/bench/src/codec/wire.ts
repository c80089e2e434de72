/** The bytes of packets as a socket hands them over. */
import { PacketEncoder, type Packet, type ProtocolVersion } from '@omqtt/codec';

/** What Node reads from a socket at once, and about what is worth writing at once. */
export const CHUNK_BYTES = 65_536;

export function wireBytes(packets: readonly Packet[], version: ProtocolVersion): Uint8Array {
  const encoder = new PacketEncoder({ version });
  for (const packet of packets) encoder.append(packet);
  return encoder.take();
}

/** Each chunk has memory of its own, and packets lie across their ends. */
export function socketChunks(bytes: Uint8Array): Buffer[] {
  const chunks: Buffer[] = [];
  for (let start = 0; start < bytes.length; start += CHUNK_BYTES) {
    // Not from the pool, which is how sockets do it.
    const chunk = Buffer.allocUnsafeSlow(Math.min(CHUNK_BYTES, bytes.length - start));
    chunk.set(bytes.subarray(start, start + chunk.length));
    chunks.push(chunk);
  }
  return chunks;
}
