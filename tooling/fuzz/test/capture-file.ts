/** Writes packets into a capture file (pcap) as if they had come over TCP on port 1883. */
import type { Side } from '@omqtt/codec';

/** Bytes that one side sent. All that have the same `stream` belong to one connection, in their order. */
export interface Sent {
  readonly stream: number;
  readonly sender: Side;
  readonly bytes: Uint8Array;
}

/** Streams are told apart by the port of the client, which is this plus the number of the stream. */
export const FIRST_CLIENT_PORT = 2000;
const SERVER_PORT = 1883;
/** Packets above it come in several segments. */
const LONGEST_SEGMENT = 16_384;

/**
 *     magic u32 · major u16 · minor u16 · zone u32 · accuracy u32 · longest packet u32 · link type u32
 *     then each: seconds u32 · microseconds u32 · bytes captured u32 · bytes on the wire u32 · the bytes
 */
export function captureFile(sent: readonly Sent[]): Uint8Array {
  const RAW_IP = 101;
  const header = Buffer.alloc(24);
  header.writeUInt32LE(0xa1b2_c3d4, 0);
  header.writeUInt16LE(2, 4);
  header.writeUInt16LE(4, 6);
  header.writeUInt32LE(0xffff, 16);
  header.writeUInt32LE(RAW_IP, 20);
  const sequences = new Map<string, number>();
  return Buffer.concat([header, ...sent.flatMap((one) => segments(one, sequences))]);
}

function segments({ stream, sender, bytes }: Sent, sequences: Map<string, number>): Buffer[] {
  const key = `${stream} ${sender}`;
  const frames: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += LONGEST_SEGMENT) {
    const sequence = sequences.get(key) ?? 1;
    const payload = bytes.subarray(at, at + LONGEST_SEGMENT);
    const ports: readonly [number, number] = [FIRST_CLIENT_PORT + stream, SERVER_PORT];
    const segment = Buffer.concat([tcpHeader(sender === 'client' ? ports : [ports[1], ports[0]], sequence), payload]);
    frames.push(captured(Buffer.concat([ipHeader(segment.length, sender), segment])));
    sequences.set(key, sequence + payload.length);
  }
  return frames;
}

function captured(frame: Buffer): Buffer {
  const header = Buffer.alloc(16);
  header.writeUInt32LE(frame.length, 8);
  header.writeUInt32LE(frame.length, 12);
  return Buffer.concat([header, frame]);
}

/** Checksums are 0 everywhere: nobody verifies them in a capture unless asked to. */
function ipHeader(length: number, sender: Side): Buffer {
  const [client, server] = [
    [10, 0, 0, 1],
    [10, 0, 0, 2],
  ] as const;
  const header = Buffer.alloc(20);
  header.writeUInt8(0x45, 0);
  header.writeUInt16BE(20 + length, 2);
  header.writeUInt8(64, 8);
  header.writeUInt8(6, 9);
  header.set(sender === 'client' ? [...client, ...server] : [...server, ...client], 12);
  return header;
}

function tcpHeader([from, to]: readonly [number, number], sequence: number): Buffer {
  const header = Buffer.alloc(20);
  header.writeUInt16BE(from, 0);
  header.writeUInt16BE(to, 2);
  header.writeUInt32BE(sequence, 4);
  // Five words of header; ACK and PSH.
  header.writeUInt16BE(0x5018, 12);
  header.writeUInt16BE(0xffff, 14);
  return header;
}
