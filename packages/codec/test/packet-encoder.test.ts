import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { encode, InvalidPacketError, PacketEncoder, PacketTooLargeError } from '../src/index.ts';
import type { Packet, PublishPacket } from '../src/index.ts';
import { thrownBy, toHex } from './refusal.ts';
import { allVectors } from './vectors/all.ts';

function publish(size: number, fill = size): PublishPacket {
  return { type: 'publish', topic: 't', payload: new Uint8Array(size).fill(fill), qos: 0, retain: false, dup: false };
}

const bad = { ...publish(1), properties: { contentType: 'a', reasonString: 'b' } } as Packet;

describe('PacketEncoder', () => {
  test.each(['5.0', '3.1.1'] as const)('puts packets one behind the other, each as it is alone (%s)', (version) => {
    const encoder = new PacketEncoder({ version });
    const packets = allVectors.filter((vector) => vector.version === version).map(({ packet }) => packet);
    for (const packet of packets) encoder.append(packet);
    const expected = Buffer.concat(packets.map((packet) => encode(packet, version)));
    expect(encoder.length).toBe(expected.length);
    expect(toHex(encoder.take())).toBe(expected.toString('hex'));
  });

  test('has nothing to take at first, nor after it was taken', () => {
    const encoder = new PacketEncoder({ version: '5.0' });
    expect([encoder.length, encoder.take().length]).toEqual([0, 0]);
    encoder.append({ type: 'pingreq' });
    expect([encoder.length, encoder.take().length]).toEqual([2, 2]);
    expect([encoder.length, encoder.take().length]).toEqual([0, 0]);
  });

  test('never writes again to what was taken, however much comes later', () => {
    const operations = fc.array(fc.oneof(fc.constant('take'), fc.nat(300), fc.nat(3000), fc.constant('refused')), {
      maxLength: 200,
    });
    fc.assert(
      fc.property(operations, (list) => {
        const encoder = new PacketEncoder({ version: '5.0' });
        const taken: { bytes: Uint8Array; hex: string }[] = [];
        let expected = '';
        list.forEach((operation, index) => {
          if (operation === 'take') {
            const bytes = encoder.take();
            taken.push({ bytes, hex: toHex(bytes) });
          } else if (operation === 'refused') {
            thrownBy(() => encoder.append(bad));
          } else {
            const packet = publish(operation, index);
            encoder.append(packet);
            expected += toHex(encode(packet, '5.0'));
          }
        });
        const last = encoder.take();
        taken.push({ bytes: last, hex: toHex(last) });
        expect(taken.map(({ bytes }) => toHex(bytes))).toEqual(taken.map(({ hex }) => hex));
        expect(taken.map(({ hex }) => hex).join('')).toBe(expected);
      }),
      { numRuns: 60 },
    );
  });

  test('never writes again to what was taken when its buffer is large', () => {
    const encoder = new PacketEncoder({ version: '5.0' });
    const taken: Uint8Array[] = [];
    const sizes = [100, 40_000, 10, 200_000, 10, 65_000, 65_536, 1];
    for (const size of sizes) {
      encoder.append(publish(size));
      encoder.append(publish(5));
      taken.push(encoder.take());
    }
    const expected = sizes.map((size) =>
      Buffer.concat([encode(publish(size), '5.0'), encode(publish(5), '5.0')]).toString('hex'),
    );
    expect(taken.map(toHex)).toEqual(expected);
  });

  test('lets its callers write to what they took', () => {
    const encoder = new PacketEncoder({ version: '5.0' });
    for (let round = 0; round < 100; round += 1) {
      encoder.append(publish(round));
      const taken = encoder.take();
      expect(toHex(taken)).toBe(toHex(encode(publish(round), '5.0')));
      taken.fill(0xff);
    }
  });

  test('keeps what was appended before a refused packet, and nothing of that', () => {
    const encoder = new PacketEncoder({ version: '5.0' });
    expect(thrownBy(() => encoder.append(bad))).toBeInstanceOf(InvalidPacketError);
    expect(encoder.length).toBe(0);
    encoder.append(publish(3));
    // These fail late: behind a topic that makes the buffer grow, and in the last of many properties.
    const late = { ...bad, topic: 'x'.repeat(60_000) } as Packet;
    expect(thrownBy(() => encoder.append(late))).toBeInstanceOf(InvalidPacketError);
    const last = { ...publish(1), properties: { userProperties: [...manyPairs(1000), ['a', '\0']] } } as Packet;
    expect(thrownBy(() => encoder.append(last))).toBeInstanceOf(InvalidPacketError);
    encoder.append(publish(4));
    const expected = Buffer.concat([encode(publish(3), '5.0'), encode(publish(4), '5.0')]);
    expect(toHex(encoder.take())).toBe(expected.toString('hex'));
  });
});

describe('the limit of a PacketEncoder', () => {
  test('holds from when it is set, lower or higher', () => {
    const encoder = new PacketEncoder({ version: '3.1.1' });
    encoder.append(publish(95));
    encoder.limitPackets(99);
    expect(thrownBy(() => encoder.append(publish(95)))).toMatchObject({ size: 100, limit: 99 });
    encoder.append(publish(94));
    encoder.limitPackets(100);
    encoder.append(publish(95));
    expect(encoder.length).toBe(100 + 99 + 100);
  });

  test('is the one of its options until then', () => {
    const encoder = new PacketEncoder({ version: '3.1.1', maximumPacketBytes: 10 });
    expect(thrownBy(() => encoder.append(publish(6)))).toBeInstanceOf(PacketTooLargeError);
    encoder.append(publish(5));
    expect(encoder.length).toBe(10);
  });

  test('is for each packet and not for all together', () => {
    const encoder = new PacketEncoder({ version: '3.1.1', maximumPacketBytes: 10 });
    for (let count = 0; count < 50; count += 1) encoder.append(publish(5));
    expect(encoder.take()).toHaveLength(500);
  });

  test('leaves what is already appended, also where an answer takes a shorter form', () => {
    const encoder = new PacketEncoder({ version: '5.0', maximumPacketBytes: 6 });
    encoder.append({ type: 'pingreq' });
    encoder.append({ type: 'puback', packetId: 1, reasonCode: 0, properties: { reasonString: 'long enough' } });
    encoder.append({ type: 'pingreq' });
    expect(toHex(encoder.take())).toBe(['c000', '40020001', 'c000'].join(''));
  });

  test('refuses packets of the wrong role like encode', () => {
    const encoder = new PacketEncoder({ version: '5.0', role: 'client' });
    expect(thrownBy(() => encoder.append({ type: 'pingresp' }))).toMatchObject({ problem: 'wrong-direction' });
  });
});

function manyPairs(count: number): (readonly [string, string])[] {
  return Array.from({ length: count }, (_, index) => [`name ${index}`, 'value'] as const);
}
