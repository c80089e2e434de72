import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { encode, PacketStream } from '../src/index.ts';
import type { Packet, ProtocolVersion, PublishPacket } from '../src/index.ts';
import { allVectors } from './vectors/all.ts';

const versions = ['5.0', '3.1.1'] as const;

/** All vectors of one version, one behind the other. */
function streamOf(version: ProtocolVersion): { bytes: Uint8Array; packets: Packet[] } {
  const vectors = allVectors.filter((vector) => vector.version === version);
  return {
    bytes: Uint8Array.from(Buffer.concat(vectors.map(({ bytes }) => bytes))),
    packets: vectors.map(({ packet }) => packet),
  };
}

/** Pushes the bytes in chunks of the given sizes, and what is left at the end, each in memory of its own. */
function pushInChunks(stream: PacketStream, bytes: Uint8Array, sizes: Iterable<number>): Packet[] {
  const packets: Packet[] = [];
  let at = 0;
  for (const size of sizes) {
    packets.push(...stream.push(bytes.slice(at, at + size)));
    at += size;
  }
  packets.push(...stream.push(bytes.slice(at)));
  return packets;
}

describe('the same packets come out of a stream', () => {
  test.each(versions)('wherever it is cut in two (%s)', (version) => {
    const { bytes, packets } = streamOf(version);
    for (let cut = 0; cut <= bytes.length; cut += 1) {
      const stream = new PacketStream({ version });
      expect(pushInChunks(stream, bytes, [cut])).toStrictEqual(packets);
      expect(stream.bufferedBytes).toBe(0);
    }
  });

  test.each(versions)('in chunks of one byte, with empty ones between them (%s)', (version) => {
    const { bytes, packets } = streamOf(version);
    const sizes = Array.from(bytes).flatMap(() => [1, 0]);
    expect(pushInChunks(new PacketStream({ version }), bytes, sizes)).toStrictEqual(packets);
  });

  test.each(versions)('in chunks of every size up to the largest packet (%s)', (version) => {
    const { bytes, packets } = streamOf(version);
    for (let size = 2; size < 140; size += 1) {
      const sizes = Array.from({ length: Math.ceil(bytes.length / size) }, () => size);
      expect(pushInChunks(new PacketStream({ version }), bytes, sizes)).toStrictEqual(packets);
    }
  });

  test.each(versions)('in any chunks (%s)', (version) => {
    const { bytes, packets } = streamOf(version);
    fc.assert(
      fc.property(fc.array(fc.nat(60)), (sizes) => {
        expect(pushInChunks(new PacketStream({ version }), bytes, sizes)).toStrictEqual(packets);
      }),
    );
  });

  test('whether they are parts of one buffer or not', () => {
    const { bytes, packets } = streamOf('5.0');
    const stream = new PacketStream({ version: '5.0' });
    const found = Array.from({ length: Math.ceil(bytes.length / 7) }, (_, index) =>
      stream.push(bytes.subarray(index * 7, index * 7 + 7)),
    );
    expect(found.flat()).toStrictEqual(packets);
  });

  test('as soon as they are complete', () => {
    const stream = new PacketStream({ version: '5.0' });
    const twoAndAHalf = Uint8Array.of(0xc0, 0x00, 0xd0, 0x00, 0xe0);
    expect(stream.push(twoAndAHalf).map(({ type }) => type)).toEqual(['pingreq', 'pingresp']);
    expect(stream.push(Uint8Array.of(0x00)).map(({ type }) => type)).toEqual(['disconnect']);
  });
});

describe('a stream counts the bytes that wait for the rest of their packet', () => {
  test('and none for packets that are complete', () => {
    const stream = new PacketStream({ version: '3.1.1' });
    // PUBLISH, 5 bytes follow: topic t, payload of two bytes.
    const publish = Uint8Array.of(0x30, 0x05, 0x00, 0x01, 0x74, 0x01, 0x02);
    const counts = Array.from(publish, (byte) => {
      stream.push(Uint8Array.of(byte));
      return stream.bufferedBytes;
    });
    expect(counts).toEqual([1, 2, 3, 4, 5, 6, 0]);
    stream.push(Uint8Array.of(...publish, 0x30));
    expect(stream.bufferedBytes).toBe(1);
  });

  test('and empty chunks change nothing', () => {
    const stream = new PacketStream({ version: '3.1.1' });
    expect(stream.push(new Uint8Array(0))).toEqual([]);
    stream.push(Uint8Array.of(0xc0));
    expect(stream.push(new Uint8Array(0))).toEqual([]);
    expect(stream.bufferedBytes).toBe(1);
    expect(stream.push(Uint8Array.of(0x00))).toEqual([{ type: 'pingreq' }]);
  });
});

function filled(fill: number): PublishPacket {
  return { type: 'publish', topic: 't', payload: new Uint8Array(100).fill(fill), qos: 0, retain: false, dup: false };
}

function payloads(packets: readonly Packet[]): Uint8Array[] {
  return packets.map((each) => (each as PublishPacket).payload);
}

describe('a payload', () => {
  test('that lies within one chunk is a view of it', () => {
    const chunk = Uint8Array.from(Buffer.concat([encode(filled(1), '5.0'), encode(filled(2), '5.0')]));
    const found = payloads(new PacketStream({ version: '5.0' }).push(chunk));
    expect(found.map(({ buffer }) => buffer === chunk.buffer)).toEqual([true, true]);
    expect(found.map(({ byteOffset }) => byteOffset)).toEqual([6, 112]);
  });

  test('that lies in two chunks has memory of its own, which no later packet touches', () => {
    const stream = new PacketStream({ version: '5.0' });
    const bytes = Uint8Array.from(Buffer.concat([1, 2, 3, 4].map((fill) => encode(filled(fill), '5.0'))));
    // Each packet has 106 bytes, so that each chunk of 70 leaves one unfinished.
    const chunks = [0, 70, 140, 210, 280, 350, 420].map((at) => bytes.slice(at, at + 70));
    const found = payloads(chunks.flatMap((chunk) => stream.push(chunk)));
    const isShared = found.map(({ buffer }) => chunks.some((chunk) => chunk.buffer === buffer));
    expect(isShared).toEqual([false, false, false, false]);
    for (const chunk of chunks) chunk.fill(0xff);
    stream.push(encode(filled(5), '5.0').subarray(0, 50));
    expect(found).toEqual([1, 2, 3, 4].map((fill) => new Uint8Array(100).fill(fill)));
  });

  test('is a view whatever was held back before it', () => {
    const stream = new PacketStream({ version: '5.0' });
    const first = encode(filled(1), '5.0');
    stream.push(first.slice(0, 50));
    const chunk = Uint8Array.from(Buffer.concat([first.slice(50), encode(filled(2), '5.0')]));
    const [own, view] = payloads(stream.push(chunk));
    expect([own?.buffer === chunk.buffer, view?.buffer === chunk.buffer]).toEqual([false, true]);
    expect([own, view]).toEqual([filled(1).payload, filled(2).payload]);
  });
});

describe('a stream that is to find out the version', () => {
  const connect: Packet = { type: 'connect', version: '5.0', clientId: 'c', cleanStart: true, keepAliveSeconds: 0 };
  // QoS 0 to topic t, with properties in 5.0 and without in 3.1.1; either way of reading the other is another packet.
  const publish: Packet = { type: 'publish', topic: 't', payload: Uint8Array.of(9), qos: 0, retain: false, dup: false };

  test.each(versions)('takes it from the CONNECT (%s)', (version) => {
    const stream = new PacketStream({ version: 'auto', role: 'server' });
    expect(stream.version).toBe('auto');
    const bytes = Uint8Array.from(Buffer.concat([encode({ ...connect, version }, version), encode(publish, version)]));
    expect(stream.push(bytes)).toEqual([{ ...connect, version }, publish]);
    expect(stream.version).toBe(version);
  });

  test.each(versions)('takes it from a CONNECT that comes byte by byte (%s)', (version) => {
    const stream = new PacketStream({ version: 'auto' });
    const bytes = Buffer.concat([encode({ ...connect, version }, version), encode(publish, version)]);
    const sizes = Array.from(bytes, () => 1);
    expect(pushInChunks(stream, Uint8Array.from(bytes), sizes)).toEqual([{ ...connect, version }, publish]);
  });
});
