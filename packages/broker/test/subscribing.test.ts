import { expect, test } from 'vitest';
import { startBroker } from '../src/index.ts';
import { connect, subscription, textOf } from './raw-client.ts';

const versions = ['5.0', '3.1.1'] as const;

test.each(versions)(
  '[5.0 MQTT-3.8.4-1, MQTT-3.8.4-2, MQTT-3.8.4-5, MQTT-3.8.4-6, MQTT-3.8.4-7, MQTT-3.9.3-1, MQTT-2.2.1-6] [3.1.1 MQTT-3.8.4-1, MQTT-3.8.4-2, MQTT-3.8.4-4, MQTT-3.8.4-5, MQTT-3.9.3-1, MQTT-2.3.1-7] in %s several filters get one SUBACK with the id and a code for each, in their order',
  async (version) => {
    await using broker = await startBroker({ listeners: [] });
    const client = await connect(broker, { version });
    const subscriptions = [
      subscription('a', { qos: 2 }),
      subscription('b', { qos: 0 }),
      subscription('c/#', { qos: 1 }),
    ];
    client.send({ type: 'subscribe', packetId: 77, subscriptions });
    expect(await client.next('suback')).toMatchObject({ packetId: 77, reasonCodes: [2, 0, 1] });
    expect(await client.settled()).toEqual([]);
    expect(broker.subscriptions.map(({ filter, qos }) => [filter, qos])).toEqual([
      ['a', 2],
      ['b', 0],
      ['c/#', 1],
    ]);
  },
);

test.each(versions)(
  '[5.0 MQTT-3.8.4-3, MQTT-3.8.4-5] [3.1.1 MQTT-3.8.4-4] in %s the same filter twice in a SUBSCRIBE is as if it came in two',
  async (version) => {
    await using broker = await startBroker({ listeners: [] });
    const client = await connect(broker, { version });
    client.send({
      type: 'subscribe',
      packetId: 1,
      subscriptions: [subscription('a', { qos: 2 }), subscription('a', { qos: 1 })],
    });
    expect(await client.next('suback')).toMatchObject({ reasonCodes: [2, 1] });
    expect(broker.subscriptions).toMatchObject([{ filter: 'a', qos: 1 }]);
  },
);

test.each(versions)(
  '[5.0 MQTT-3.10.4-4, MQTT-3.10.4-5, MQTT-3.10.4-6, MQTT-3.10.4-1, MQTT-3.10.4-2, MQTT-3.11.3-1, MQTT-2.2.1-6] [3.1.1 MQTT-3.10.4-1, MQTT-3.10.4-2, MQTT-3.10.4-4, MQTT-3.10.4-5, MQTT-3.10.4-6] in %s UNSUBSCRIBE takes away the filters that are the same, letter by letter, and is answered once',
  async (version) => {
    await using broker = await startBroker({ listeners: [] });
    const client = await connect(broker, { version });
    for (const filter of ['a/+', 'A/+', 'b']) await client.subscribe(filter);
    client.send({ type: 'unsubscribe', packetId: 55, filters: ['a/x', 'a/+', 'b'] });
    const reasonCodes = version === '5.0' ? [0x11, 0, 0] : [];
    expect(await client.next('unsuback')).toMatchObject({ packetId: 55, reasonCodes });
    expect(broker.subscriptions.map(({ filter }) => filter)).toEqual(['A/+']);
    for (const topic of ['a/x', 'b']) await broker.publish({ topic });
    expect(await client.settled()).toEqual([]);
    client.send({ type: 'unsubscribe', packetId: 56, filters: ['nothing'] });
    expect(await client.next('unsuback')).toMatchObject({ packetId: 56 });
  },
);

test.each(versions)(
  '[5.0 MQTT-3.10.4-3] [3.1.1 MQTT-3.10.4-3] in %s a delivery that has begun is completed after UNSUBSCRIBE',
  async (version) => {
    await using broker = await startBroker({ listeners: [] });
    const client = await connect(broker, { version });
    await client.subscribe('a');
    await broker.publish({ topic: 'a', qos: 2 });
    const { packetId = 0 } = await client.next('publish');
    client.send({ type: 'unsubscribe', packetId: 2, filters: ['a'] });
    await client.next('unsuback');
    client.send({ type: 'pubrec', packetId, reasonCode: 0 });
    expect(await client.next('pubrel')).toMatchObject({ packetId, reasonCode: 0 });
  },
);

test.each(versions)(
  '[5.0 MQTT-3.3.2-3, MQTT-4.7.3-4] [3.1.1 MQTT-3.3.2-3, MQTT-4.7.3-4] in %s filters match topics letter by letter, without any normalising',
  async (version) => {
    await using broker = await startBroker({ listeners: [] });
    const client = await connect(broker, { version });
    await client.subscribe('caf\u00e9/+');
    await client.subscribe('/x');
    const others = ['cafe\u0301/1', 'CAF\u00c9/1', 'x', '//x', 'caf\u00e9', 'caf\u00e9/1/2'];
    for (const topic of others) await broker.publish({ topic });
    await broker.publish({ topic: 'caf\u00e9/1' });
    expect((await client.settled()).map((packet) => packet.type === 'publish' && packet.topic)).toEqual([
      'caf\u00e9/1',
    ]);
  },
);

test.each(versions)(
  '[5.0 MQTT-4.7.2-1] [3.1.1 MQTT-4.7.2-1] in %s a leading wildcard does not match topics that begin with $, live or retained',
  async (version) => {
    await using broker = await startBroker({ listeners: [] });
    const client = await connect(broker, { version });
    await broker.publish({ topic: '$own/a', payload: 'x', retain: true });
    for (const filter of ['#', '+/a', '+/#']) await client.subscribe(filter);
    await broker.publish({ topic: '$own/a' });
    expect(await client.settled()).toEqual([]);
    await client.subscribe('$own/#');
    await broker.publish({ topic: '$own/a' });
    expect(await client.settled()).toHaveLength(2);
  },
);

test.each(versions)(
  '[5.0 MQTT-3.3.4-2] [3.1.1 MQTT-3.3.5-1] in %s overlapping subscriptions bring one message, at the highest QoS',
  async (version) => {
    await using broker = await startBroker({ listeners: [] });
    const client = await connect(broker, { version });
    await client.subscribe('a/+', { qos: 0 });
    await client.subscribe('a/#', { qos: 2 });
    await client.subscribe('a/b', { qos: 1 });
    await broker.publish({ topic: 'a/b', qos: 2 });
    expect(await client.settled()).toMatchObject([{ qos: 2 }]);
  },
);

test('[5.0 MQTT-3.3.4-3, MQTT-3.3.4-4] the one copy for overlapping subscriptions has all their identifiers', async () => {
  await using broker = await startBroker({ listeners: [] });
  const client = await connect(broker);
  await client.subscribe('a/+', { identifier: 10 });
  await client.subscribe('a/#', { identifier: 20 });
  await client.subscribe('a/b');
  await broker.publish({ topic: 'a/b' });
  const { properties } = await client.next('publish');
  expect(properties?.subscriptionIdentifiers?.toSorted()).toEqual([10, 20]);
});

test('[5.0 MQTT-3.3.4-5] a separate copy, as for a shared subscription or a retained message, has its own identifier', async () => {
  await using broker = await startBroker({ listeners: [] });
  const client = await connect(broker);
  await client.subscribe('a', { identifier: 1 });
  await client.subscribe('$share/g/a', { identifier: 2 });
  await broker.publish({ topic: 'a', payload: 'x', retain: true });
  const identifiers = (await client.settled()).map((packet) => packet.type === 'publish' && packet.properties);
  expect(identifiers).toEqual([{ subscriptionIdentifiers: [2] }, { subscriptionIdentifiers: [1] }]);
  await client.subscribe('+', { identifier: 3 });
  expect((await client.next('publish')).properties).toEqual({ subscriptionIdentifiers: [3] });
});

test('[5.0 MQTT-3.8.3-3] with No Local a client does not hear itself, but others do', async () => {
  await using broker = await startBroker({ listeners: [] });
  const client = await connect(broker);
  const other = await connect(broker, { clientId: 'other' });
  for (const each of [client, other]) await each.subscribe('a', { noLocal: true });
  client.publish('a', 'x');
  expect(await client.settled()).toEqual([]);
  expect(textOf(await other.next('publish'))).toBe('x');
});

test.each([
  { filter: '$share/g', limits: {}, reasonCode: 0x8f },
  { filter: 'a/#', limits: { wildcardSubscriptions: false }, reasonCode: 0xa2 },
  { filter: '$share/g/a', limits: { sharedSubscriptions: false }, reasonCode: 0x9e },
  { filter: 'a', limits: { subscriptionsPerSession: 0 }, reasonCode: 0x97 },
] as const)(
  '[3.1.1 MQTT-3.8.3-2, MQTT-3.9.3-2] in 3.1.1 the filter $filter is refused with 0x80 where it is not supported ($reasonCode)',
  async ({ filter, limits }) => {
    await using broker = await startBroker({ listeners: [], limits });
    const client = await connect(broker, { version: '3.1.1' });
    client.send({
      type: 'subscribe',
      packetId: 1,
      subscriptions: [subscription(filter), subscription('$share/g/+', {})],
    });
    const { reasonCodes } = await client.next('suback');
    expect(reasonCodes[0]).toBe(0x80);
    expect(client.isClosed).toBe(false);
  },
);

test.each([
  { filter: 'a/#', limits: { wildcardSubscriptions: false }, reasonCode: 0xa2 },
  { filter: '$share/g/a', limits: { sharedSubscriptions: false }, reasonCode: 0x9e },
  { filter: 'a', limits: { subscriptionsPerSession: 0 }, reasonCode: 0x97 },
] as const)(
  '[5.0 MQTT-3.9.3-2] the filter $filter is refused with $reasonCode where it is not supported',
  async ({ filter, limits, reasonCode }) => {
    await using broker = await startBroker({ listeners: [], limits });
    const client = await connect(broker);
    client.send({ type: 'subscribe', packetId: 1, subscriptions: [subscription(filter)] });
    expect(await client.next('suback')).toMatchObject({ reasonCodes: [reasonCode] });
    expect(broker.subscriptions).toEqual([]);
  },
);

test('a subscription identifier where there are none is answered with 0xA1', async () => {
  await using broker = await startBroker({ listeners: [], limits: { subscriptionIdentifiers: false } });
  const client = await connect(broker);
  client.send({
    type: 'subscribe',
    packetId: 1,
    subscriptions: [subscription('a')],
    properties: { subscriptionIdentifier: 1 },
  });
  expect(await client.ended()).toMatchObject([{ type: 'disconnect', reasonCode: 0xa1 }]);
});

test('[5.0 MQTT-3.2.2-10] with a maximum QoS a SUBSCRIBE of any QoS is taken, and less is granted', async () => {
  await using broker = await startBroker({ listeners: [], limits: { maximumQoS: 1 } });
  const client = await connect(broker);
  client.send({ type: 'subscribe', packetId: 1, subscriptions: [subscription('a'), subscription('b', { qos: 0 })] });
  expect(await client.next('suback')).toMatchObject({ reasonCodes: [1, 0] });
});

test('[5.0 MQTT-3.11.3-2, MQTT-3.9.2-1, MQTT-3.9.2-2, MQTT-3.11.2-1, MQTT-3.11.2-2] SUBACK and UNSUBACK say why, unless that makes them too large', async () => {
  await using broker = await startBroker({ listeners: [] });
  const note = { reasonString: 'long'.repeat(50), userProperties: [['a', 'b']] } as const;
  broker.refuse({ packet: 'subscribe', reasonCode: 0x83, times: 2, ...note });
  broker.refuse({ packet: 'unsubscribe', reasonCode: 0x83, times: 2, ...note });
  const small = await connect(broker, { clientId: 'small', properties: { maximumPacketBytes: 40 } });
  const large = await connect(broker, { clientId: 'large' });
  for (const client of [small, large]) {
    client.send({ type: 'subscribe', packetId: 1, subscriptions: [subscription('a')] });
    client.send({ type: 'unsubscribe', packetId: 2, filters: ['a'] });
  }
  expect(await small.settled()).toEqual([
    { type: 'suback', packetId: 1, reasonCodes: [0x83] },
    { type: 'unsuback', packetId: 2, reasonCodes: [0x83] },
  ]);
  expect(await large.settled()).toMatchObject([{ properties: note }, { properties: note }]);
});

test('an authorize hook decides filter by filter, at once or later', async () => {
  await using broker = await startBroker({
    listeners: [],
    authorize: ({ action, topic }) =>
      topic.startsWith('slow') ? Promise.resolve(action !== 'subscribe') : topic !== 'no',
  });
  const client = await connect(broker);
  client.send({
    type: 'subscribe',
    packetId: 1,
    subscriptions: ['no', 'yes', 'slow'].map((filter) => subscription(filter)),
  });
  expect(await client.next('suback')).toMatchObject({ reasonCodes: [0x87, 2, 0x87] });
  client.send({ type: 'subscribe', packetId: 2, subscriptions: ['no', 'yes'].map((filter) => subscription(filter)) });
  expect(await client.next('suback')).toMatchObject({ reasonCodes: [0x87, 2] });
});

test.each(versions)(
  '[5.0 MQTT-4.6.0-5, MQTT-4.6.0-6] [3.1.1 MQTT-4.6.0-5, MQTT-4.6.0-6] in %s messages of a publisher arrive in the order in which they were published, at each QoS',
  async (version) => {
    await using broker = await startBroker({ listeners: [] });
    const client = await connect(broker, { clientId: 'subscriber', version });
    const publisher = await connect(broker, { clientId: 'publisher', version });
    await client.subscribe('#');
    for (const qos of [0, 1, 2] as const) {
      for (let index = 1; index <= 50; index += 1) {
        publisher.publish(`order/${qos}`, String(index), { qos, ...(qos > 0 && { packetId: qos * 100 + index }) });
      }
      await publisher.settled();
    }
    const texts = (await client.settled()).map((packet) => (packet.type === 'publish' ? textOf(packet) : packet.type));
    const once = Array.from({ length: 50 }, (_, index) => String(index + 1));
    expect(texts).toEqual([...once, ...once, ...once]);
  },
);
