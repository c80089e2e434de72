import { expect, test } from 'vitest';
import { startBroker } from '../src/index.ts';
import { bytesOf, connect } from './raw-client.ts';

interface Offence {
  readonly title: string;
  readonly bytes: readonly number[];
  readonly reasonCode: number;
}

/** What is wrong in both versions; `none` is the length of no properties, which only 5.0 has. */
function offences(none: readonly number[]): readonly Offence[] {
  const publish = (topic: readonly number[]): number[] => [
    0x30,
    2 + topic.length + none.length,
    0,
    topic.length,
    ...topic,
    ...none,
  ];
  const subscribe = (filter: readonly number[], options = 0): number[] => [
    0x82,
    5 + filter.length + none.length,
    0,
    1,
    ...none,
    0,
    filter.length,
    ...filter,
    options,
  ];
  return [
    { title: 'a topic with a surrogate', bytes: publish([0xed, 0xa0, 0x80]), reasonCode: 0x81 },
    { title: 'a topic that is no UTF-8', bytes: publish([0xc0, 0xaf]), reasonCode: 0x81 },
    { title: 'a topic with U+0000', bytes: publish([0x61, 0]), reasonCode: 0x81 },
    { title: 'an empty topic', bytes: publish([]), reasonCode: 0x82 },
    { title: 'a topic with a wildcard', bytes: publish([0x2b]), reasonCode: 0x90 },
    { title: 'a PUBLISH of QoS 3', bytes: [0x36, 5 + none.length, 0, 1, 0x61, 0, 1, ...none], reasonCode: 0x81 },
    { title: 'a QoS 0 PUBLISH with DUP', bytes: [0x38, 3 + none.length, 0, 1, 0x61, ...none], reasonCode: 0x82 },
    { title: 'a QoS 1 PUBLISH with id 0', bytes: [0x32, 5 + none.length, 0, 1, 0x61, 0, 0, ...none], reasonCode: 0x82 },
    { title: 'a PUBREL with wrong flags', bytes: [0x60, 2, 0, 1], reasonCode: 0x81 },
    { title: 'a PUBACK with wrong flags', bytes: [0x41, 2, 0, 1], reasonCode: 0x81 },
    { title: 'a SUBSCRIBE with wrong flags', bytes: [0x80, ...subscribe([0x61]).slice(1)], reasonCode: 0x81 },
    {
      title: 'an UNSUBSCRIBE with wrong flags',
      bytes: [0xa0, 5 + none.length, 0, 1, ...none, 0, 1, 0x61],
      reasonCode: 0x81,
    },
    { title: 'a DISCONNECT with wrong flags', bytes: [0xe1, 0], reasonCode: 0x81 },
    { title: 'a filter that is empty', bytes: subscribe([]), reasonCode: 0x8f },
    { title: 'a filter with U+0000', bytes: subscribe([0x61, 0]), reasonCode: 0x81 },
    { title: 'a subscription with reserved bits', bytes: subscribe([0x61], 0xc0), reasonCode: 0x81 },
    { title: 'a SUBSCRIBE without a filter', bytes: [0x82, 2 + none.length, 0, 1, ...none], reasonCode: 0x82 },
    { title: 'a length of five bytes', bytes: [0x30, 0xff, 0xff, 0xff, 0xff, 0x01], reasonCode: 0x81 },
    { title: 'a packet of the reserved type', bytes: [0x00, 0x00], reasonCode: 0x81 },
    { title: 'what only a server sends', bytes: [0xd0, 0x00], reasonCode: 0x82 },
  ];
}

const of5: readonly Offence[] = [
  ...offences([0]),
  { title: 'a length in more bytes than it needs', bytes: [0x30, 0x84, 0x00, 0, 1, 0x61, 0], reasonCode: 0x81 },
  { title: 'an AUTH with wrong flags', bytes: [0xf1, 0], reasonCode: 0x81 },
  {
    title: 'a user property that is no UTF-8',
    bytes: [0x30, 11, 0, 1, 0x61, 7, 0x26, 0, 1, 0x61, 0, 1, 0xff],
    reasonCode: 0x81,
  },
  { title: 'topic alias 0', bytes: [0x30, 7, 0, 1, 0x61, 3, 0x23, 0, 0], reasonCode: 0x94 },
  { title: 'a response topic with a wildcard', bytes: [0x30, 8, 0, 1, 0x61, 4, 0x08, 0, 1, 0x23], reasonCode: 0x90 },
  { title: 'a response topic that is no UTF-8', bytes: [0x30, 8, 0, 1, 0x61, 4, 0x08, 0, 1, 0xff], reasonCode: 0x81 },
  { title: 'a content type that is no UTF-8', bytes: [0x30, 8, 0, 1, 0x61, 4, 0x03, 0, 1, 0xff], reasonCode: 0x81 },
  { title: 'a subscription identifier from a client', bytes: [0x30, 6, 0, 1, 0x61, 2, 0x0b, 1], reasonCode: 0x82 },
  { title: 'a PUBACK with a code of another packet', bytes: [0x40, 3, 0, 1, 0x18], reasonCode: 0x82 },
  { title: 'a property that comes twice', bytes: [0x30, 8, 0, 1, 0x61, 4, 0x01, 0, 0x01, 0], reasonCode: 0x82 },
  { title: 'a property of another packet', bytes: [0x30, 7, 0, 1, 0x61, 3, 0x21, 0, 1], reasonCode: 0x81 },
  { title: 'DISCONNECT with a code of servers', bytes: [0xe0, 1, 0x8b], reasonCode: 0x82 },
  {
    title: 'no local on a shared subscription',
    bytes: [0x82, 16, 0, 1, 0, 0, 10, ...bytesOf('$share/g/a'), 4],
    reasonCode: 0x82,
  },
];

test.each(of5)(
  '[5.0 MQTT-1.5.4-1, MQTT-1.5.4-2, MQTT-1.5.5-1, MQTT-1.5.7-1, MQTT-2.1.3-1, MQTT-3.3.1-4, MQTT-3.3.2-1, MQTT-3.3.2-2, MQTT-3.3.2-8, MQTT-3.3.2-13, MQTT-3.3.2-14, MQTT-3.3.2-19, MQTT-3.8.1-1, MQTT-3.10.1-1, MQTT-3.6.1-1, MQTT-3.8.3-5, MQTT-3.14.1-1, MQTT-3.15.1-1, MQTT-4.7.0-1, MQTT-4.7.3-1, MQTT-4.7.3-2, MQTT-4.13.1-1] in 5.0 $title ends the connection with $reasonCode, and nobody else notices',
  async ({ bytes, reasonCode }) => {
    await using broker = await startBroker({ listeners: [] });
    const other = await connect(broker, { clientId: 'other' });
    const client = await connect(broker);
    client.publish('a', 'sound', { qos: 1, packetId: 1 });
    client.sendBytes(bytes);
    client.publish('a', 'too late', { qos: 1, packetId: 2 });
    expect(await client.ended()).toMatchObject([{ type: 'puback' }, { type: 'disconnect', reasonCode }]);
    expect(await other.settled()).toEqual([]);
    expect(broker.counters.protocolErrors).toBe(1);
  },
);

const of3: readonly Offence[] = [
  ...offences([]),
  { title: 'an AUTH', bytes: [0xf0, 0], reasonCode: 0 },
  { title: 'subscription options of 5.0', bytes: [0x82, 6, 0, 1, 0, 1, 0x61, 0x04], reasonCode: 0 },
];

test.each(of3)(
  '[3.1.1 MQTT-1.5.3-1, MQTT-1.5.3-2, MQTT-2.2.2-1, MQTT-2.2.2-2, MQTT-2.3.1-1, MQTT-3.3.1-4, MQTT-3.3.2-1, MQTT-3.3.2-2, MQTT-3.6.1-1, MQTT-3.8.1-1, MQTT-3.8.3-4, MQTT-3.10.1-1, MQTT-3.14.1-1, MQTT-4.7.1-1, MQTT-4.7.3-1, MQTT-4.7.3-2, MQTT-4.8.0-1] in 3.1.1 $title ends the connection without a word, and nobody else notices',
  async ({ bytes }) => {
    await using broker = await startBroker({ listeners: [] });
    const other = await connect(broker, { clientId: 'other' });
    const client = await connect(broker, { version: '3.1.1' });
    client.sendBytes(bytes);
    client.publish('a', 'too late', { qos: 1, packetId: 2 });
    expect(await client.ended()).toEqual([]);
    expect(await other.settled()).toEqual([]);
  },
);

test.each(['5.0', '3.1.1'] as const)(
  '[5.0 MQTT-1.5.4-3] [3.1.1 MQTT-1.5.3-3] in %s U+FEFF is a character like others, and is kept',
  async (version) => {
    await using broker = await startBroker({ listeners: [] });
    const client = await connect(broker, { version });
    await client.subscribe('#');
    client.publish('\uFEFFa', 'x');
    expect(await client.next('publish')).toMatchObject({ topic: '\uFEFFa' });
  },
);

test.each(['5.0', '3.1.1'] as const)(
  '[5.0 MQTT-4.7.3-3] [3.1.1 MQTT-4.7.3-3] in %s topics and filters of 65 535 bytes are taken',
  async (version) => {
    await using broker = await startBroker({ listeners: [] });
    const client = await connect(broker, { version });
    const topic = 'a/'.repeat(32_767) + 'b';
    await client.subscribe(topic);
    client.publish(topic, 'x');
    expect((await client.next('publish')).topic).toBe(topic);
  },
);

test.each(['5.0', '3.1.1'] as const)('in %s packets may come byte by byte', async (version) => {
  await using broker = await startBroker({ listeners: [] });
  const client = await connect(broker, { version });
  for (const byte of [0xc0, 0x00, 0xc0, 0x00]) client.sendBytes([byte]);
  await client.next('pingresp');
  expect(await client.next('pingresp')).toEqual({ type: 'pingresp' });
});
