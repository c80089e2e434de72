/**
 * What the runtime itself costs: the shortest code that gets QoS 0 messages of 3.1.1 out of bytes and into them. It
 * checks nothing, knows nothing else and trusts everyone, so a codec cannot be faster, and should not be much slower.
 */
import type { PublishPacket } from '@omqtt/codec';
import type { Contestant } from '../contest.ts';
import type { CodecCase } from './cases.ts';
import { fieldBytes } from './field-bytes.ts';
import { CHUNK_BYTES, socketChunks, wireBytes } from './wire.ts';

export function bareDecoder({ packets, version }: CodecCase): Contestant {
  const chunks = socketChunks(wireBytes(packets, version));
  return {
    name: 'bare limit',
    run() {
      let rest: Buffer = Buffer.alloc(0);
      let count = 0;
      let bytes = 0;
      for (const chunk of chunks) {
        const messages: PublishPacket[] = [];
        const whole = rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk;
        rest = decodeBarely(whole as Latin1Buffer, messages);
        for (const message of messages) {
          count += 1;
          bytes += fieldBytes(message);
        }
      }
      return { packets: count, bytes };
    },
  };
}

// What `toString` and `write` come down to, one call earlier; the types of Node leave them out.
interface Latin1Buffer extends Buffer<ArrayBuffer> {
  latin1Slice(start: number, end: number): string;
  latin1Write(text: string, at: number): number;
}

/** Returns what is left over. */
function decodeBarely(bytes: Latin1Buffer, messages: PublishPacket[]): Buffer {
  let at = 0;
  while (at < bytes.length) {
    let body = at + 1;
    let length = 0;
    for (let shift = 0, byte = 0x80; byte >= 0x80; shift += 7) {
      byte = bytes[body++] ?? 0;
      length |= (byte & 0x7f) << shift;
    }
    const end = body + length;
    if (end > bytes.length) break;
    const payload = body + 2 + (((bytes[body] ?? 0) << 8) | (bytes[body + 1] ?? 0));
    messages.push({
      type: 'publish',
      topic: bytes.latin1Slice(body + 2, payload),
      payload: bytes.subarray(payload, end),
      qos: 0,
      retain: false,
      dup: false,
    });
    at = end;
  }
  return bytes.subarray(at);
}

export function bareEncoder({ packets }: CodecCase): Contestant {
  const messages = packets.filter((packet) => packet.type === 'publish');
  return {
    name: 'bare limit',
    run() {
      let count = 0;
      let bytes = 0;
      let at = 0;
      let buffer = Buffer.allocUnsafe(CHUNK_BYTES + 1024) as Latin1Buffer;
      for (const message of messages) {
        at = encodeBarely(buffer, at, message);
        count += 1;
        if (at < CHUNK_BYTES) continue;
        bytes += at;
        at = 0;
        buffer = Buffer.allocUnsafe(CHUNK_BYTES + 1024) as Latin1Buffer;
      }
      return { packets: count, bytes: bytes + at };
    },
  };
}

/** Returns where the next message begins. */
function encodeBarely(buffer: Latin1Buffer, start: number, { topic, payload }: PublishPacket): number {
  let length = 2 + topic.length + payload.length;
  let at = start;
  buffer[at++] = 0x30;
  for (; length >= 0x80; length >>>= 7) buffer[at++] = (length & 0x7f) | 0x80;
  buffer[at++] = length;
  buffer[at++] = topic.length >>> 8;
  buffer[at++] = topic.length & 0xff;
  at += buffer.latin1Write(topic, at);
  buffer.set(payload, at);
  return at + payload.length;
}
