import { describe, expect, test } from 'vitest';

import { encode, PacketStream } from '../src/index.ts';
import type { Packet, PublishPacket } from '../src/index.ts';

const MEBIBYTE = 1_048_576;
/** PUBLISH, 200 million bytes follow: the topic t, no properties. */
const hugeHeader = [0x30, 0x80, 0x84, 0xaf, 0x5f, 0x00, 0x01, 0x74, 0x00] as const;

function memory(): number {
  return process.memoryUsage().arrayBuffers;
}

describe('a packet of 200 MB that is only announced', () => {
  test('takes no more memory than the bytes that came', () => {
    const before = memory();
    const streams = Array.from({ length: 20 }, () => {
      const stream = new PacketStream({ version: '5.0' });
      stream.push(Uint8Array.of(...hugeHeader, 0x01));
      return stream;
    });
    expect(streams.map(({ bufferedBytes }) => bufferedBytes)).toEqual(streams.map(() => hugeHeader.length + 1));
    expect(memory() - before).toBeLessThan(MEBIBYTE);
  });

  test('takes memory in proportion to the bytes that come', () => {
    const stream = new PacketStream({ version: '5.0' });
    stream.push(Uint8Array.of(...hugeHeader));
    const chunk = new Uint8Array(65_536);
    const before = memory();
    for (let count = 0; count < 32; count += 1) stream.push(chunk);
    expect(stream.bufferedBytes).toBe(2 * MEBIBYTE + hugeHeader.length);
    // Twice what came, and the smaller buffers before the last, should nothing of them be collected yet.
    expect(memory() - before).toBeLessThan(10 * MEBIBYTE);
  });
});

describe('a payload of 1 MiB in chunks of one byte', () => {
  const payload = new Uint8Array(MEBIBYTE).map((_, index) => (index * 31) >>> 3);
  const message: PublishPacket = { type: 'publish', topic: 'a/b', payload, qos: 0, retain: false, dup: false };

  test('arrives whole', () => {
    const stream = new PacketStream({ version: '5.0' });
    const bytes = encode(message, '5.0');
    const packets: Packet[] = [];
    // A time that grew with the square of the size would be hours, and no test runs that long.
    for (let at = 0; at < bytes.length; at += 1) packets.push(...stream.push(bytes.subarray(at, at + 1)));
    const [packet] = packets as PublishPacket[];
    expect(packets).toHaveLength(1);
    expect(packet?.topic).toBe('a/b');
    expect(packet !== undefined && Buffer.from(packet.payload).equals(payload)).toBe(true);
    expect(stream.bufferedBytes).toBe(0);
  });

  test('and a large property block like it are read when they are whole, and not again at each chunk', () => {
    const userProperties = Array.from({ length: 20_000 }, (_, index) => [`name ${index}`, 'value'] as const);
    const bytes = encode({ ...message, payload: new Uint8Array(0), properties: { userProperties } }, '5.0');
    const stream = new PacketStream({ version: '5.0' });
    const packets: Packet[] = [];
    for (let at = 0; at < bytes.length; at += 1) packets.push(...stream.push(bytes.subarray(at, at + 1)));
    expect(packets).toHaveLength(1);
    expect(packets[0]).toHaveProperty('properties.userProperties.length', 20_000);
  });
});

test('a million small packets in one chunk come out one by one', () => {
  const pings = new Uint8Array(2_000_000);
  for (let at = 0; at < pings.length; at += 2) pings[at] = 0xc0;
  expect(new PacketStream({ version: '5.0' }).push(pings)).toHaveLength(1_000_000);
});
