import { fakeClock } from '@omqtt/testkit';
import { expect, test } from 'vitest';
import { startBroker } from '../src/index.ts';
import { connect, connectPacket, dial, message, textOf } from './raw-client.ts';

test.each([1, 2] as const)(
  '[5.0 MQTT-3.3.4-9, MQTT-3.3.4-10, MQTT-4.9.0-1, MQTT-4.9.0-2, MQTT-4.9.0-3] no more QoS %i messages are in flight than the client allows, while QoS 0 and answers go on',
  async (qos) => {
    await using broker = await startBroker({ listeners: [] });
    const client = await connect(broker, { properties: { receiveMaximum: 2 } });
    await client.subscribe('#');
    for (const payload of ['1', '2', '3', '4']) await broker.publish({ topic: 'a', payload, qos });
    await broker.publish({ topic: 'a', payload: 'at once' });
    const sent = await client.settled();
    expect(sent.map((packet) => packet.type === 'publish' && textOf(packet))).toEqual(['1', '2', 'at once']);
    const packetId = (sent[0]?.type === 'publish' && sent[0].packetId) || 0;
    client.send({ type: qos === 1 ? 'puback' : 'pubrec', packetId, reasonCode: 0 });
    const answers = qos === 1 ? [] : [await client.next('pubrel'), ...(await client.settled())];
    expect(answers.map(({ type }) => type)).toEqual(qos === 1 ? [] : ['pubrel']);
    if (qos === 2) client.send({ type: 'pubcomp', packetId, reasonCode: 0 });
    expect(textOf(await client.next('publish'))).toBe('3');
    expect(await client.settled()).toEqual([]);
  },
);

test('[5.0 MQTT-4.9.0-1] acknowledgements that nobody waits for do not widen the window', async () => {
  await using broker = await startBroker({ listeners: [] });
  const client = await connect(broker, { properties: { receiveMaximum: 1 } });
  await client.subscribe('a');
  for (const packetId of [400, 401]) client.send({ type: 'puback', packetId, reasonCode: 0 });
  for (const payload of ['1', '2']) await broker.publish({ topic: 'a', payload, qos: 1 });
  expect(await client.settled()).toHaveLength(1);
});

test('what is sent again stays within the window, too', async () => {
  await using broker = await startBroker({ listeners: [] });
  const lasting = { cleanStart: false, properties: { sessionExpirySeconds: 60 } };
  const first = await connect(broker, lasting);
  await first.subscribe('a');
  for (const payload of ['1', '2', '3']) await broker.publish({ topic: 'a', payload, qos: 1 });
  expect(await first.settled()).toHaveLength(3);
  first.destroy();
  await first.ended();
  const second = await connect(broker, { ...lasting, properties: { sessionExpirySeconds: 60, receiveMaximum: 2 } });
  const [again] = await second.settled();
  expect(again).toMatchObject({ dup: true });
  second.send({ type: 'puback', packetId: (again?.type === 'publish' && again.packetId) || 0, reasonCode: 0 });
  expect(await second.settled()).toMatchObject([{ dup: true }]);
});

test('a message in flight that is too large for the next connection is dropped, and takes no place in its window', async () => {
  await using broker = await startBroker({ listeners: [] });
  const lasting = { cleanStart: false, properties: { sessionExpirySeconds: 60 } };
  const first = await connect(broker, lasting);
  await first.subscribe('a');
  await broker.publish({ topic: 'a', payload: 'x'.repeat(100), qos: 1 });
  await first.next('publish');
  first.destroy();
  await first.ended();
  const small = { sessionExpirySeconds: 60, receiveMaximum: 1, maximumPacketBytes: 50 };
  const second = await connect(broker, { ...lasting, properties: small });
  await broker.publish({ topic: 'a', payload: 'fits', qos: 1 });
  expect((await second.settled()).map((packet) => packet.type === 'publish' && textOf(packet))).toEqual(['fits']);
});

test('[5.0 MQTT-4.9.0-1] the end of an exchange that was begun on another connection does not widen the window', async () => {
  await using broker = await startBroker({ listeners: [] });
  const lasting = { cleanStart: false, properties: { sessionExpirySeconds: 60, receiveMaximum: 1 } };
  const first = await connect(broker, lasting);
  await first.subscribe('a');
  await broker.publish({ topic: 'a', qos: 2 });
  const { packetId = 0 } = await first.next('publish');
  first.send({ type: 'pubrec', packetId, reasonCode: 0 });
  await first.next('pubrel');
  first.destroy();
  await first.ended();
  const second = await connect(broker, lasting);
  await second.next('pubrel');
  second.send({ type: 'pubcomp', packetId, reasonCode: 0 });
  for (let count = 0; count < 2; count += 1) await broker.publish({ topic: 'a', qos: 1 });
  expect(await second.settled()).toHaveLength(1);
});

test('a client that has more in flight than the broker allows hears 0x93', async () => {
  await using broker = await startBroker({ listeners: [], limits: { receiveMaximum: 2 } });
  const client = await connect(broker);
  for (const packetId of [1, 2, 2]) client.publish('a', 'x', { qos: 2, packetId });
  expect(await client.settled()).toHaveLength(3);
  client.publish('a', 'x', { qos: 1, packetId: 3 });
  expect(await client.ended()).toMatchObject([{ type: 'disconnect', reasonCode: 0x93 }]);
});

test('a QoS above the maximum is answered with 0x9B, and RETAIN where there is none with 0x9A', async () => {
  await using broker = await startBroker({ listeners: [], limits: { maximumQoS: 0, retainAvailable: false } });
  const one = await connect(broker, { clientId: 'one' });
  one.publish('a', 'x', { qos: 1, packetId: 1 });
  expect(await one.ended()).toMatchObject([{ type: 'disconnect', reasonCode: 0x9b }]);
  const two = await connect(broker, { clientId: 'two' });
  two.publish('a', 'x', { retain: true });
  expect(await two.ended()).toMatchObject([{ type: 'disconnect', reasonCode: 0x9a }]);
});

test('a packet above the maximum is answered with 0x95 as soon as its length is known', async () => {
  await using broker = await startBroker({ listeners: [], limits: { maximumPacketBytes: 100 } });
  const client = await connect(broker);
  client.sendBytes([0x30, 0xff, 0x7f]);
  expect(await client.ended()).toMatchObject([{ type: 'disconnect', reasonCode: 0x95 }]);
});

test.each([0, 1, 2] as const)(
  '[5.0 MQTT-3.1.2-24, MQTT-3.1.2-25] a QoS %i message that is too large for a client is dropped for it alone, as if it had been sent',
  async (qos) => {
    await using broker = await startBroker({ listeners: [] });
    const small = await connect(broker, {
      clientId: 'small',
      properties: { maximumPacketBytes: 50, receiveMaximum: 1 },
    });
    const large = await connect(broker, { clientId: 'large' });
    for (const client of [small, large]) await client.subscribe('a');
    await broker.publish({ topic: 'a', payload: 'x'.repeat(50), qos });
    await broker.publish({ topic: 'a', payload: 'fits', qos });
    expect((await small.settled()).map((packet) => packet.type === 'publish' && textOf(packet))).toEqual(['fits']);
    expect(await large.settled()).toHaveLength(2);
    expect(broker.counters.publishDropped).toBe(1);
  },
);

test.each([1, 12])(
  'a client that takes no more than %i bytes, too few for CONNACK, is left without a word',
  async (maximumPacketBytes) => {
    const errors: unknown[] = [];
    await using broker = await startBroker({ listeners: [], onError: (error) => errors.push(error) });
    const client = await dial(broker);
    client.send(connectPacket({ properties: { maximumPacketBytes } }));
    expect(await client.ended()).toEqual([]);
    expect([errors, broker.sessions]).toEqual([[], []]);
  },
);

test('[5.0 MQTT-3.3.2-12] every topic alias up to the maximum is taken, and may be set anew', async () => {
  await using broker = await startBroker({ listeners: [], limits: { topicAliasMaximum: 3 } });
  const client = await connect(broker);
  await client.subscribe('#', { qos: 0 });
  for (const topicAlias of [1, 3]) client.publish(`t${topicAlias}`, '', { properties: { topicAlias } });
  for (const topicAlias of [3, 1]) client.publish('', '', { properties: { topicAlias } });
  client.publish('new', '', { properties: { topicAlias: 1 } });
  client.publish('', '', { properties: { topicAlias: 1 } });
  const received = await client.settled();
  expect(received.map((packet) => packet.type === 'publish' && packet.topic)).toEqual([
    't1',
    't3',
    't3',
    't1',
    'new',
    'new',
  ]);
  expect(received.every((packet) => packet.type === 'publish' && packet.properties?.topicAlias === undefined)).toBe(
    true,
  );
});

test.each([
  { title: 'above the maximum', packet: message('a', '', { properties: { topicAlias: 65 } }), reasonCode: 0x94 },
  { title: 'that was never set', packet: message('', '', { properties: { topicAlias: 1 } }), reasonCode: 0x82 },
])('a topic alias $title is answered with $reasonCode', async ({ packet, reasonCode }) => {
  await using broker = await startBroker({ listeners: [] });
  const client = await connect(broker);
  client.send(packet);
  expect(await client.ended()).toMatchObject([{ type: 'disconnect', reasonCode }]);
});

test('[5.0 MQTT-3.3.2-7] the aliases of a connection end with it', async () => {
  await using broker = await startBroker({ listeners: [] });
  const lasting = { cleanStart: false, properties: { sessionExpirySeconds: 60 } };
  const first = await connect(broker, lasting);
  first.publish('a', '', { properties: { topicAlias: 1 } });
  await first.settled();
  first.destroy();
  await first.ended();
  const second = await connect(broker, lasting);
  second.publish('', '', { properties: { topicAlias: 1 } });
  expect(await second.ended()).toMatchObject([{ type: 'disconnect', reasonCode: 0x82 }]);
});

test('[5.0 MQTT-3.1.2-26, MQTT-3.3.2-11, MQTT-3.3.2-7] the broker uses as many aliases as the client allows, and sets them anew on each connection', async () => {
  await using broker = await startBroker({ listeners: [] });
  const lasting = { cleanStart: false, properties: { sessionExpirySeconds: 60, topicAliasMaximum: 1 } };
  const first = await connect(broker, lasting);
  await first.subscribe('#', { qos: 0 });
  for (const topic of ['a', 'b', 'a', 'b']) await broker.publish({ topic });
  const aliases = (await first.settled()).map(
    (packet) => packet.type === 'publish' && [packet.topic, packet.properties?.topicAlias],
  );
  expect(aliases).toEqual([
    ['a', 1],
    ['b', undefined],
    ['', 1],
    ['b', undefined],
  ]);
  first.destroy();
  await first.ended();
  const second = await connect(broker, lasting);
  await broker.publish({ topic: 'b' });
  expect(await second.next('publish')).toMatchObject({ topic: 'b', properties: { topicAlias: 1 } });
});

test('a message that fits without an alias only is sent without one', async () => {
  await using broker = await startBroker({ listeners: [] });
  const client = await connect(broker, { properties: { topicAliasMaximum: 5, maximumPacketBytes: 20 } });
  await client.subscribe('#', { qos: 0 });
  await broker.publish({ topic: 'a', payload: 'x'.repeat(14) });
  expect(await client.next('publish')).toMatchObject({ topic: 'a' });
  await broker.publish({ topic: 'a' });
  expect(await client.next('publish')).toMatchObject({ topic: 'a', properties: { topicAlias: 1 } });
});

test.each([{}, { topicAliasMaximum: 0 }])(
  '[5.0 MQTT-3.1.2-27] a client that allows no alias (%o) gets none',
  async (properties) => {
    await using broker = await startBroker({ listeners: [] });
    const client = await connect(broker, { properties });
    await client.subscribe('#', { qos: 0 });
    for (let count = 0; count < 3; count += 1) await broker.publish({ topic: 'a' });
    expect((await client.settled()).map((packet) => packet.type === 'publish' && packet.topic)).toEqual([
      'a',
      'a',
      'a',
    ]);
  },
);

test('a queue that is full drops the newest, and counts it', async () => {
  await using broker = await startBroker({ listeners: [], limits: { queuedMessages: 2 } });
  const lasting = { cleanStart: false, properties: { sessionExpirySeconds: 60 } };
  const first = await connect(broker, lasting);
  await first.subscribe('a');
  first.destroy();
  await first.ended();
  for (const payload of ['1', '2', '3']) await broker.publish({ topic: 'a', payload, qos: 1 });
  expect(broker.sessions).toMatchObject([{ queued: 2 }]);
  expect(broker.counters.publishDropped).toBe(1);
  const second = await connect(broker, lasting);
  expect((await second.settled()).map((packet) => packet.type === 'publish' && textOf(packet))).toEqual(['1', '2']);
});

test('a publisher waits for a subscriber that does not read, until its time is over', async () => {
  const clock = fakeClock();
  await using broker = await startBroker({ listeners: [], clock });
  const slow = await connect(broker, { clientId: 'slow' });
  await slow.subscribe('a', { qos: 0 });
  slow.connection.pause();
  const publisher = await connect(broker, { clientId: 'publisher' });
  const payload = 'x'.repeat(100_000);
  for (let count = 0; count < 10; count += 1) publisher.publish('a', payload);
  publisher.send({ type: 'pingreq' });
  await expect.poll(() => clock.pending).toBeGreaterThan(0);
  await expect.poll(() => broker.counters.publishReceived).toBeGreaterThanOrEqual(4);
  expect(broker.counters.publishReceived).toBeLessThan(10);
  slow.connection.resume();
  await publisher.next('pingresp');
  expect((await slow.settled()).length).toBe(10);
  expect(broker.counters.publishDropped).toBe(0);

  slow.connection.pause();
  for (let count = 0; count < 60; count += 1) publisher.publish('a', payload);
  publisher.send({ type: 'pingreq' });
  await expect.poll(() => broker.counters.publishReceived).toBeGreaterThanOrEqual(14);
  expect(broker.counters.publishReceived).toBeLessThan(70);
  clock.advance(1000);
  await publisher.next('pingresp');
  expect(broker.counters.publishDropped).toBeGreaterThan(0);
});
