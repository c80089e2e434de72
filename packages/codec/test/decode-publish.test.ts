import { describe, expect, test } from 'vitest';

import { decode, type PublishPacket, type ProtocolVersion } from '../src/index.ts';
import { asked, refusalOf, type Refused } from './decode-refusal.ts';
import { octets, type Field } from './vectors/vector.ts';

const T: Field = [0x00, 0x01, 't'];
const v3 = { version: '3.1.1' } as const;

function refused(rows: readonly Refused[]): void {
  test.each(rows)('$what', (row) => {
    expect(refusalOf(row)).toStrictEqual(asked(row));
  });
}

function publish(fields: readonly Field[], version: ProtocolVersion = '5.0'): PublishPacket {
  const packet = decode(octets(fields), version);
  if (packet.type !== 'publish') throw new Error(`a ${packet.type}`);
  return packet;
}

describe('[5.0 MQTT-3.3.1-4] [3.1.1 MQTT-3.3.1-4] QoS 3 is malformed', () => {
  const facts = { problem: 'bad-qos', reasonCode: 0x81, statement: 'MQTT-3.3.1-4', wrong: 0 } as const;
  const rows5 = [0x36, 0x37, 0x3e, 0x3f].map((first) => ({
    what: `first byte ${first}`,
    fields: [[first, 0x06], T, [0x00, 0x01], [0x00]],
    ...facts,
  }));
  const rows311 = [0x36, 0x37, 0x3e, 0x3f].map((first) => ({
    what: `first byte ${first} in 3.1.1`,
    fields: [[first, 0x05], T, [0x00, 0x01]],
    ...v3,
    ...facts,
  }));
  refused([...rows5, ...rows311]);
});

describe('[5.0 MQTT-3.3.1-2] [3.1.1 MQTT-3.3.1-2] DUP at QoS 0 is a protocol error', () => {
  const facts = { problem: 'dup-at-qos-0', reasonCode: 0x82, statement: 'MQTT-3.3.1-2', wrong: 0 } as const;
  refused([
    { what: 'without RETAIN', fields: [[0x38, 0x04], T, [0x00]], ...facts },
    { what: 'with RETAIN', fields: [[0x39, 0x04], T, [0x00]], ...facts },
    { what: 'in 3.1.1', fields: [[0x38, 0x03], T], ...v3, ...facts },
  ]);
});

describe('[5.0 MQTT-3.3.2-2, MQTT-4.7.0-1] [3.1.1 MQTT-3.3.2-2, MQTT-4.7.1-1] a wildcard in a topic is refused', () => {
  const facts = { problem: 'wildcard-in-topic', reasonCode: 0x90, statement: 'MQTT-3.3.2-2', wrong: 1 } as const;
  const topics = ['#', '+', 'a/#', 'a/+/b', 'a+', '#a', '$share/g/#'];
  const rows5 = topics.map((topic) => ({
    what: topic,
    fields: [[0x30, 0x03 + topic.length], [0x00, topic.length, topic], [0x00]],
    ...facts,
  }));
  const rows311 = topics.map((topic) => ({
    what: `${topic} in 3.1.1`,
    fields: [
      [0x30, 0x02 + topic.length],
      [0x00, topic.length, topic],
    ],
    ...v3,
    ...facts,
  }));
  refused([...rows5, ...rows311]);

  test('also where the same text was read as a filter just before', () => {
    const filter = octets([[0x82, 0x0a], [0x00, 0x01], [0x00], [0x00, 0x04, 'on/#'], [0x00]]);
    const topic: Refused = { what: '', fields: [[0x30, 0x07], [0x00, 0x04, 'on/#'], [0x00]], ...facts };
    for (let round = 0; round < 3; round += 1) {
      expect(decode(filter, '5.0')).toMatchObject({ subscriptions: [{ filter: 'on/#' }] });
      expect(refusalOf(topic)).toStrictEqual(asked(topic));
    }
  });
});

describe('[5.0 MQTT-4.7.3-1] [3.1.1 MQTT-4.7.3-1] an empty topic is refused', () => {
  const facts = { problem: 'empty-topic', reasonCode: 0x82, statement: 'MQTT-4.7.3-1' } as const;
  refused([
    { what: 'without properties', fields: [[0x30, 0x03], [0x00, 0x00], [0x00]], wrong: 2, ...facts },
    {
      what: 'with properties but no alias',
      fields: [
        [0x32, 0x07],
        [0x00, 0x00],
        [0x00, 0x01],
        [0x02, 0x01, 0x00],
      ],
      wrong: 3,
      ...facts,
    },
    {
      what: 'in 3.1.1, which has no aliases',
      fields: [
        [0x30, 0x02],
        [0x00, 0x00],
      ],
      wrong: 1,
      ...v3,
      ...facts,
    },
  ]);
});

describe('[5.0 MQTT-3.3.2-8] topic alias 0 is refused', () => {
  const facts = { problem: 'bad-topic-alias', reasonCode: 0x94, statement: 'MQTT-3.3.2-8' } as const;
  refused([
    { what: 'beside a topic', fields: [[0x30, 0x07], T, [0x03], [0x23, 0x00, 0x00]], wrong: 3, ...facts },
    { what: 'in place of one', fields: [[0x30, 0x06], [0x00, 0x00], [0x03], [0x23, 0x00, 0x00]], wrong: 3, ...facts },
  ]);
});

describe('[5.0 MQTT-3.3.2-14] a wildcard in a Response Topic is refused', () => {
  const facts = { problem: 'wildcard-in-topic', reasonCode: 0x90, statement: 'MQTT-3.3.2-14', wrong: 3 } as const;
  refused(
    ['#', '+', 'a/#', '+/a'].map((topic) => ({
      what: topic,
      fields: [[0x30, 0x07 + topic.length], T, [0x03 + topic.length], [0x08, 0x00, topic.length, topic]],
      ...facts,
    })),
  );
});

describe('[3.1.1 MQTT-2.3.1-1] packet identifier 0 is refused', () => {
  const facts = { problem: 'bad-packet-id', reasonCode: 0x82 } as const;
  const zero: Field = [0x00, 0x00];
  refused([
    { what: 'QoS 1', fields: [[0x32, 0x06], T, zero, [0x00]], wrong: 2, ...facts },
    { what: 'QoS 2', fields: [[0x34, 0x06], T, zero, [0x00]], wrong: 2, ...facts },
    { what: 'QoS 1 in 3.1.1', fields: [[0x32, 0x05], T, zero], wrong: 2, ...v3, ...facts },
    { what: 'PUBACK', fields: [[0x40, 0x02], zero], wrong: 1, ...facts },
    { what: 'PUBREC', fields: [[0x50, 0x02], zero], wrong: 1, ...facts },
    { what: 'PUBREL', fields: [[0x62, 0x02], zero], wrong: 1, ...facts },
    { what: 'PUBCOMP', fields: [[0x70, 0x02], zero], wrong: 1, ...facts },
    { what: 'PUBACK in 3.1.1', fields: [[0x40, 0x02], zero], wrong: 1, ...v3, ...facts },
    { what: 'SUBSCRIBE', fields: [[0x82, 0x07], zero, [0x00], T, [0x00]], wrong: 1, ...facts },
    { what: 'SUBACK', fields: [[0x90, 0x04], zero, [0x00], [0x00]], wrong: 1, ...facts },
    { what: 'UNSUBSCRIBE', fields: [[0xa2, 0x06], zero, [0x00], T], wrong: 1, ...facts },
    { what: 'UNSUBACK', fields: [[0xb0, 0x04], zero, [0x00], [0x00]], wrong: 1, ...facts },
    { what: 'SUBSCRIBE in 3.1.1', fields: [[0x82, 0x06], zero, T, [0x00]], wrong: 1, ...v3, ...facts },
    { what: 'UNSUBACK in 3.1.1', fields: [[0xb0, 0x02], zero], wrong: 1, ...v3, ...facts },
  ]);
});

describe('a PUBLISH that ends too early is malformed', () => {
  const facts = { problem: 'truncated', reasonCode: 0x81 } as const;
  refused([
    { what: 'before its topic', fields: [[0x30, 0x00]], wrong: 0, ...facts },
    { what: 'within the length of its topic', fields: [[0x30, 0x01], [0x00]], wrong: 1, ...facts },
    {
      what: 'within its topic',
      fields: [
        [0x30, 0x03],
        [0x00, 0x02, 't'],
      ],
      wrong: 1,
      ...facts,
    },
    { what: 'before its packet id', fields: [[0x32, 0x03], T], wrong: 1, ...facts },
    { what: 'within its packet id', fields: [[0x32, 0x04], T, [0x00]], wrong: 2, ...facts },
    { what: 'before its packet id in 3.1.1', fields: [[0x32, 0x03], T], wrong: 1, ...v3, ...facts },
    { what: 'within its packet id in 3.1.1', fields: [[0x34, 0x04], T, [0x00]], wrong: 2, ...v3, ...facts },
    { what: 'within its properties', fields: [[0x30, 0x05], T, [0x02, 0x01]], wrong: 2, ...facts },
  ]);
});

describe('what a PUBLISH carries is read as it was sent', () => {
  test('[5.0 MQTT-2.2.1-2] [3.1.1 MQTT-2.3.1-5] at QoS 0 no packet identifier stands behind the topic', () => {
    expect(publish([[0x30, 0x06], T, [0x00], [0x12, 0x34]])).toStrictEqual({
      type: 'publish',
      topic: 't',
      payload: Uint8Array.of(0x12, 0x34),
      qos: 0,
      retain: false,
      dup: false,
    });
    expect(publish([[0x30, 0x05], T, [0x12, 0x34]], '3.1.1').payload).toStrictEqual(Uint8Array.of(0x12, 0x34));
  });

  test('[3.1.1 MQTT-3.3.1-8, MQTT-3.3.1-9] RETAIN is told apart', () => {
    expect(publish([[0x31, 0x03], T], '3.1.1').retain).toBe(true);
    expect(publish([[0x30, 0x03], T], '3.1.1').retain).toBe(false);
    expect(publish([[0x33, 0x05], T, [0x00, 0x01]], '3.1.1').retain).toBe(true);
    expect(publish([[0x3a, 0x05], T, [0x00, 0x01]], '3.1.1').retain).toBe(false);
  });

  test('[5.0 MQTT-3.3.2-1] [3.1.1 MQTT-3.3.2-1] the topic is the first field', () => {
    expect(publish([[0x32, 0x08], [0x00, 0x03, 'a/b'], [0x00, 0x07], [0x00]]).topic).toBe('a/b');
    expect(
      publish(
        [
          [0x32, 0x07],
          [0x00, 0x03, 'a/b'],
          [0x00, 0x07],
        ],
        '3.1.1',
      ).topic,
    ).toBe('a/b');
  });

  test('[5.0 MQTT-3.3.2-4] the Payload Format Indicator, and whether there is one', () => {
    expect(publish([[0x30, 0x06], T, [0x02], [0x01, 0x00]]).properties).toStrictEqual({ payloadFormatIndicator: 0 });
    expect(publish([[0x30, 0x06], T, [0x02], [0x01, 0x01]]).properties).toStrictEqual({ payloadFormatIndicator: 1 });
    expect(publish([[0x30, 0x04], T, [0x00]]).properties).toBeUndefined();
  });

  test('a payload that is not the text it is said to be: the standard leaves the check to the receiver', () => {
    const packet = publish([[0x30, 0x07], T, [0x02], [0x01, 0x01], [0xff]]);
    expect(packet.payload).toStrictEqual(Uint8Array.of(0xff));
  });

  test('[5.0 MQTT-3.3.2-6] the Message Expiry Interval', () => {
    const packet = publish([[0x30, 0x09], T, [0x05], [0x02, 0x01, 0x02, 0x03, 0x04]]);
    expect(packet.properties).toStrictEqual({ messageExpirySeconds: 16_909_060 });
  });

  test('[5.0 MQTT-3.3.2-15, MQTT-3.3.2-16, MQTT-3.3.2-20] Response Topic, Correlation Data and Content Type', () => {
    const packet = publish([
      [0x30, 0x19], // PUBLISH, 25 bytes follow
      T,
      [0x15], // 21 bytes of properties
      [0x08, 0x00, 0x04, 're', 0xc3, 0xa9], // response topic
      [0x09, 0x00, 0x03, 0xff, 0x00, 0x80], // correlation data, which is not text
      [0x03, 0x00, 0x05, 'A / b'], // content type
    ]);
    expect(packet.properties).toStrictEqual({
      responseTopic: 'reé',
      correlationData: Uint8Array.of(0xff, 0x00, 0x80),
      contentType: 'A / b',
    });
  });

  test('[5.0 MQTT-3.3.2-17, MQTT-3.3.2-18] User Properties with all repeats, in their order', () => {
    const packet = publish([
      [0x30, 0x20], // PUBLISH, 32 bytes follow
      T,
      [0x1c], // 28 bytes of properties
      [0x26, 0x00, 0x01, 'b', 0x00, 0x01, '2'],
      [0x26, 0x00, 0x01, 'a', 0x00, 0x01, '1'],
      [0x26, 0x00, 0x01, 'b', 0x00, 0x01, '2'],
      [0x26, 0x00, 0x01, 'a', 0x00, 0x01, '3'],
    ]);
    expect(packet.properties?.userProperties).toStrictEqual([
      ['b', '2'],
      ['a', '1'],
      ['b', '2'],
      ['a', '3'],
    ]);
  });

  test('[5.0 MQTT-3.3.4-3, MQTT-3.3.4-4] all Subscription Identifiers, equal ones included [parity E34, B27]', () => {
    const packet = publish([[0x30, 0x0a], T, [0x06], [0x0b, 0x07], [0x0b, 0x02], [0x0b, 0x07]]);
    expect(packet.properties).toStrictEqual({ subscriptionIdentifiers: [7, 2, 7] });
  });

  test('[5.0 MQTT-3.3.4-5] one Subscription Identifier in each of two copies', () => {
    const identifiers = [0x07, 0x02].map((id) => publish([[0x30, 0x06], T, [0x02], [0x0b, id]]).properties);
    expect(identifiers).toStrictEqual([{ subscriptionIdentifiers: [7] }, { subscriptionIdentifiers: [2] }]);
  });

  test('a payload of two million bytes, as a view of the bytes that were given', () => {
    const bytes = new Uint8Array(2_000_008).fill(0x2a);
    bytes.set(octets([[0x30, 0x84, 0x89, 0x7a], T, [0x00]]));
    const packet = decode(bytes, '5.0');
    const payload = packet.type === 'publish' ? packet.payload : undefined;
    expect([payload?.length, payload?.byteOffset]).toStrictEqual([2_000_000, 8]);
    expect(payload?.buffer).toBe(bytes.buffer);
  });
});
