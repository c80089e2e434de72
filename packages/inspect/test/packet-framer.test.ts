import { encode, type Packet } from '@omqtt/codec';
import { seededRandom } from '@omqtt/testkit';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { Inspection } from '../src/index.ts';
import { PacketFramer } from '../src/packet-framer.ts';
import { isSoundPacket } from '../src/decode/decode-frame.ts';
import { bytesOfHex } from './conversation.ts';

function framer(maximumKeptBytes: number = 1000): PacketFramer {
  return new PacketFramer({ maximumKeptBytes, isSound: (bytes) => isSoundPacket(bytes, '5.0', 'c2s') });
}

function message(size: number): Uint8Array {
  const packet: Packet = {
    type: 'publish',
    topic: 'a',
    payload: new Uint8Array(size),
    qos: 0,
    retain: false,
    dup: false,
  };
  return encode(packet, '5.0');
}

test('however a stream is cut, the same packets come out', () => {
  const sizes = fc.array(fc.nat(300), { minLength: 1, maxLength: 10 });
  fc.assert(
    fc.property(sizes, fc.array(fc.integer({ min: 1, max: 200 }), { minLength: 1 }), (payloads, cuts) => {
      const packets = payloads.map(message);
      const stream = Uint8Array.from(packets.flatMap((packet) => [...packet]));
      const cutter = framer();
      const frames = [];
      for (let at = 0, index = 0; at < stream.length; index += 1) {
        const end = at + (cuts[index % cuts.length] ?? 1);
        frames.push(...cutter.push(stream.subarray(at, end)));
        at = end;
      }
      expect(frames.map(({ bytes }) => [...bytes])).toEqual(packets.map((packet) => [...packet]));
      expect(cutter.finish()).toBeUndefined();
    }),
  );
});

test('of a packet that is too large the beginning is kept, and the next one is found', () => {
  const cutter = framer(20);
  const large = message(100);
  const frames = [large, message(1)].flatMap((bytes) => [...bytes]).flatMap((byte) => cutter.push(Uint8Array.of(byte)));
  expect(frames.map(({ size }) => size)).toEqual([large.length, 7]);
  expect(frames[0]?.bytes).toEqual(large.subarray(0, 20));
});

test('a length that never ends loses the stream until a chunk begins with a sound packet', () => {
  const cutter = framer();
  expect(cutter.push(bytesOfHex('30 ff ff ff ff 01 02')).map(({ kind }) => kind)).toEqual(['packet', 'garbage']);
  expect(cutter.push(bytesOfHex('99 99')).map(({ kind }) => kind)).toEqual(['garbage']);
  expect(cutter.push(message(3))).toMatchObject([{ kind: 'packet', size: 9 }]);
});

test('what was announced and did not come takes no memory', () => {
  const cutter = framer(1_000_000);
  cutter.push(bytesOfHex('30 ff ff ff 7f 00'));
  expect(cutter.bufferedBytes).toBe(6);
});

test('a packet that the connection cut off comes out at its end, marked', () => {
  const inspection = new Inspection();
  inspection.bytes('one', 's2c', { chunk: bytesOfHex('30 0a 00 01'), at: 0 });
  const [record] = inspection.close('one', { at: 1, by: 'server' });
  expect(record).toMatchObject({ type: 'publish', marks: ['cut'], size: 4 });
});

test('records do not change when the buffer of a chunk is used again', () => {
  const inspection = new Inspection();
  const chunk = Buffer.from(bytesOfHex('30 04 00 01 61 00'));
  const [record] = inspection.bytes('one', 's2c', { chunk, at: 0 });
  chunk.fill(0xff);
  expect(record?.bytes).toEqual(bytesOfHex('30 04 00 01 61 00'));
});

test('bytes that begin in the middle of a packet are left until one begins, and nobody is blamed for them', () => {
  const random = seededRandom(3);
  const packets = Array.from({ length: 40 }, (_, index) =>
    encode(
      {
        type: 'publish',
        topic: `a/${index}`,
        // Letters are headers of PUBREL as far as their types go.
        payload: Uint8Array.from({ length: random.int(0, 700) }, () => random.int(0x61, 0x7a)),
        qos: 0,
        retain: false,
        dup: false,
      },
      '5.0',
    ),
  );
  const stream = Buffer.concat(packets);
  const starts = packets.map((_, index) => Buffer.concat(packets.slice(0, index)).length);
  for (let from = 1; from < stream.length / 2; from += 61) {
    const inspection = new Inspection();
    inspection.open('one', { at: 0, isPartial: true, isCutIn: true });
    const records = inspection.bytes('one', 'c2s', { chunk: stream.subarray(from), at: 1 });
    const first = starts.findIndex((start) => start >= from);
    const whole = records.filter(({ type }) => type !== 'garbage');
    expect(records.length - whole.length).toBe(starts[first] === from ? 0 : 1);
    expect(whole.map(({ topic }) => topic)).toEqual(packets.slice(first).map((_, index) => `a/${first + index}`));
    expect(records.flatMap(({ findings }) => findings)).toEqual([]);
  }
});

test('in the middle of a packet nothing is taken for one that does not lead to others', () => {
  const cutter = new PacketFramer({ maximumKeptBytes: 1000, isCutIn: true, isSound: () => true });
  // PINGRESP, but behind it is none; then a PUBLISH that is longer than what is there.
  expect(
    cutter.push(bytesOfHex('61 d0 00 61 61 30 7f 61')).map(({ kind, size, isCut }) => [kind, size, isCut]),
  ).toEqual([['garbage', 8, true]]);
  expect(cutter.push(bytesOfHex('d0 00')).map(({ kind }) => kind)).toEqual(['packet']);
});
