import { describe, expect, test } from 'vitest';

import { encode, InvalidPacketError } from '../src/index.ts';
import type { PublishPacket } from '../src/index.ts';
import { refusal } from './refusal.ts';
import { octets } from './vectors/vector.ts';

const message: PublishPacket = {
  type: 'publish',
  topic: 'a/b',
  payload: octets([['hi']]),
  qos: 0,
  retain: false,
  dup: false,
};
const versions = ['5.0', '3.1.1'] as const;

describe('PUBLISH', () => {
  test('[5.0 MQTT-2.2.1-2, MQTT-3.3.2-1, MQTT-4.3.1-1] at QoS 0 is the topic, the properties and the payload', () => {
    expect(encode(message, '5.0')).toEqual(octets([[0x30, 0x08], [0x00, 0x03, 'a/b'], [0x00], ['hi']]));
    expect(encode({ ...message, retain: true }, '5.0')[0]).toBe(0x31);
  });

  test('[3.1.1 MQTT-2.3.1-5, MQTT-3.3.2-1, MQTT-4.3.1-1] at QoS 0 is the topic and the payload in 3.1.1', () => {
    expect(encode(message, '3.1.1')).toEqual(octets([[0x30, 0x07], [0x00, 0x03, 'a/b'], ['hi']]));
    expect(encode({ ...message, retain: true }, '3.1.1')[0]).toBe(0x31);
  });

  test('[3.1.1 MQTT-2.3.1-1] above QoS 0 has a packet identifier behind the topic', () => {
    const packet: PublishPacket = { ...message, qos: 1, packetId: 0xfffe };
    expect(encode(packet, '5.0')).toEqual(octets([[0x32, 0x0a], [0x00, 0x03, 'a/b'], [0xff, 0xfe], [0x00], ['hi']]));
    expect(encode(packet, '3.1.1')).toEqual(octets([[0x32, 0x09], [0x00, 0x03, 'a/b'], [0xff, 0xfe], ['hi']]));
  });

  test.each(versions)('holds DUP, QoS and RETAIN in its first byte (%s)', (version) => {
    const firstBytes = [
      { qos: 1, dup: false, retain: false },
      { qos: 1, dup: true, retain: true },
      { qos: 2, dup: false, retain: true },
      { qos: 2, dup: true, retain: false },
    ] as const;
    const written = firstBytes.map((flags) => encode({ ...message, ...flags, packetId: 1 }, version)[0]);
    expect(written).toEqual([0b0011_0010, 0b0011_1011, 0b0011_0101, 0b0011_1100]);
  });

  test('may have an empty topic beside an alias', () => {
    const packet: PublishPacket = { ...message, topic: '', properties: { topicAlias: 0x0203 } };
    expect(encode(packet, '5.0')).toEqual(octets([[0x30, 0x08], [0x00, 0x00], [0x03, 0x23, 0x02, 0x03], ['hi']]));
  });

  test('keeps the order of user properties and of subscription identifiers, repetitions included', () => {
    const properties = {
      userProperties: [
        ['a', '1'],
        ['b', ''],
        ['a', '1'],
      ],
      subscriptionIdentifiers: [5, 128, 5],
    } as const;
    expect(encode({ ...message, properties }, '5.0', { role: 'server' })).toEqual(
      octets([
        [0x30, 0x23], // PUBLISH, 35 bytes follow
        [0x00, 0x03, 'a/b'], // topic
        [0x1b], // 27 bytes of properties
        [0x26, 0x00, 0x01, 'a', 0x00, 0x01, '1'], // a = 1
        [0x26, 0x00, 0x01, 'b', 0x00, 0x00], // b is empty
        [0x26, 0x00, 0x01, 'a', 0x00, 0x01, '1'], // a = 1 once more
        [0x0b, 0x05], // subscription identifier 5
        [0x0b, 0x80, 0x01], // subscription identifier 128
        [0x0b, 0x05], // subscription identifier 5 once more
        ['hi'], // payload
      ]),
    );
  });

  test('copies the payload: what the caller does to it later changes nothing', () => {
    const payload = Uint8Array.of(1, 2, 3);
    const written = encode({ ...message, payload }, '3.1.1');
    payload.fill(0xff);
    expect(written.subarray(-3)).toEqual(Uint8Array.of(1, 2, 3));
  });
});

describe('a PUBLISH is refused', () => {
  test.each(versions)('[5.0 MQTT-3.3.1-4] [3.1.1 MQTT-3.3.1-4] with a QoS that is not 0, 1 or 2 (%s)', (version) => {
    for (const qos of [3, -1, 1.5, 4, 256, Number.NaN, '1', true, null, undefined]) {
      const error = refusal({ ...message, qos, packetId: 1 }, version);
      expect(error).toBeInstanceOf(InvalidPacketError);
      expect(error).toMatchObject({ problem: 'bad-qos', field: 'qos', statement: 'MQTT-3.3.1-4' });
    }
  });

  test.each(versions)(
    '[5.0 MQTT-3.3.1-2, MQTT-4.3.1-1] [3.1.1 MQTT-3.3.1-2, MQTT-4.3.1-1] as a duplicate at QoS 0 (%s)',
    (version) => {
      const error = refusal({ ...message, dup: true }, version);
      expect(error).toMatchObject({ problem: 'dup-at-qos-0', field: 'dup', statement: 'MQTT-3.3.1-2' });
    },
  );

  test('[5.0 MQTT-2.2.1-2] [3.1.1 MQTT-2.3.1-5] with a packet identifier at QoS 0', () => {
    const found = versions.map((version) => refusal({ ...message, packetId: 1 }, version));
    expect(found).toMatchObject([
      { problem: 'unexpected-packet-id', field: 'packetId', statement: 'MQTT-2.2.1-2' },
      { problem: 'unexpected-packet-id', field: 'packetId', statement: 'MQTT-2.3.1-5' },
    ]);
  });

  test('[3.1.1 MQTT-2.3.1-1] above QoS 0 without a packet identifier from 1 to 65535', () => {
    for (const packetId of [0, 65_536, 1.5, -1, Number.NaN, '1', null, undefined]) {
      const found = versions.map((version) => refusal({ ...message, qos: 2, packetId }, version));
      expect(found).toMatchObject([
        { problem: 'bad-packet-id', field: 'packetId', statement: 'MQTT-2.2.1-3' },
        { problem: 'bad-packet-id', field: 'packetId', statement: 'MQTT-2.3.1-1' },
      ]);
    }
  });

  test.each(versions)(
    '[5.0 MQTT-3.3.2-2, MQTT-4.7.0-1] [3.1.1 MQTT-3.3.2-2, MQTT-4.7.1-1] to a topic with a wildcard (%s)',
    (version) => {
      for (const topic of ['#', '+', 'a/+', 'a/#', 'a+b', 'a#b', '+/a']) {
        const error = refusal({ ...message, topic }, version);
        expect(error).toMatchObject({ problem: 'wildcard-in-topic', field: 'topic', statement: 'MQTT-3.3.2-2' });
      }
    },
  );

  test.each(versions)('[5.0 MQTT-4.7.3-1] [3.1.1 MQTT-4.7.3-1] to an empty topic without an alias (%s)', (version) => {
    const error = refusal({ ...message, topic: '' }, version);
    expect(error).toMatchObject({ problem: 'empty-topic', field: 'topic', statement: 'MQTT-4.7.3-1' });
  });

  test('[3.1.1 MQTT-4.7.3-1] to an empty topic beside an alias in 3.1.1, which has none', () => {
    expect(refusal({ ...message, topic: '', properties: { topicAlias: 1 } }, '3.1.1')).toBeInstanceOf(
      InvalidPacketError,
    );
  });

  test('[5.0 MQTT-3.3.2-8] with a topic alias that is not 1 to 65535', () => {
    for (const topicAlias of [0, -1, 65_536, 1.5, '1', Number.NaN]) {
      const error = refusal({ ...message, properties: { topicAlias } });
      expect(error).toMatchObject({ problem: 'bad-topic-alias', statement: 'MQTT-3.3.2-8' });
      expect(error).toHaveProperty('field', expect.stringMatching(/(^|\.)topicAlias$/));
    }
  });

  test('[5.0 MQTT-3.3.4-6] by a client with a subscription identifier', () => {
    const packet = { ...message, properties: { subscriptionIdentifiers: [1] } };
    const error = refusal(packet, '5.0', { role: 'client' });
    expect(error).toMatchObject({
      problem: 'wrong-direction',
      field: 'properties.subscriptionIdentifiers',
      statement: 'MQTT-3.3.4-6',
    });
    expect(encode(packet, '5.0', { role: 'server' })).toHaveLength(12);
  });

  test.each(versions)('with flags that are not boolean (%s)', (version) => {
    for (const wrong of [0, 1, 'false', null, undefined]) {
      expect(refusal({ ...message, retain: wrong }, version)).toMatchObject({ problem: 'bad-value', field: 'retain' });
      const error = refusal({ ...message, qos: 1, packetId: 1, dup: wrong }, version);
      expect(error).toMatchObject({ problem: 'bad-value', field: 'dup' });
    }
  });

  test.each(versions)('with a payload that is not a Uint8Array (%s)', (version) => {
    for (const payload of [
      'text',
      null,
      undefined,
      5,
      [1, 2],
      {},
      new ArrayBuffer(2),
      new DataView(new ArrayBuffer(2)),
    ]) {
      expect(refusal({ ...message, payload }, version)).toMatchObject({ problem: 'bad-value', field: 'payload' });
    }
  });

  test.each(versions)('to a topic that is not a string (%s)', (version) => {
    for (const topic of [5, null, undefined, {}, ['a'], Symbol('a')]) {
      expect(refusal({ ...message, topic }, version)).toMatchObject({ problem: 'bad-value', field: 'topic' });
    }
  });
});
