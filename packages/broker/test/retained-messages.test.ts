import { expect, test } from 'vitest';
import { startBroker } from '../src/index.ts';
import { connect, textOf } from './raw-client.ts';

const versions = ['5.0', '3.1.1'] as const;

test.each(versions)(
  '[5.0 MQTT-3.3.1-5, MQTT-3.3.1-9] [3.1.1 MQTT-3.3.1-5, MQTT-3.3.1-6, MQTT-3.3.1-7, MQTT-3.3.1-8] in %s the last retained message of a topic comes with RETAIN to a new subscription, also when it was QoS 0',
  async (version) => {
    await using broker = await startBroker({ listeners: [] });
    const client = await connect(broker, { version });
    client.publish('a/b', 'old', { qos: 1, packetId: 1, retain: true });
    client.publish('a/b', 'new', { retain: true });
    await client.settled();
    await client.subscribe('a/+');
    const retained = await client.next('publish');
    expect(retained).toMatchObject({ topic: 'a/b', retain: true, qos: 0 });
    expect(textOf(retained)).toBe('new');
    expect(await client.settled()).toEqual([]);
  },
);

test.each(versions)(
  '[5.0 MQTT-3.3.1-6, MQTT-3.3.1-7] [3.1.1 MQTT-3.3.1-10, MQTT-3.3.1-11] in %s an empty retained message clears the topic, and is delivered like any other',
  async (version) => {
    await using broker = await startBroker({ listeners: [] });
    const client = await connect(broker, { version });
    await broker.publish({ topic: 'a', payload: 'x', retain: true });
    await client.subscribe('a');
    expect(await client.next('publish')).toMatchObject({ retain: true });
    client.publish('a', '', { retain: true });
    expect(await client.next('publish')).toMatchObject({ topic: 'a', retain: false });
    expect(broker.retained).toEqual([]);
    await client.subscribe('#');
    expect(await client.settled()).toEqual([]);
  },
);

test.each(versions)(
  '[5.0 MQTT-3.3.1-8, MQTT-3.3.1-12] [3.1.1 MQTT-3.3.1-12, MQTT-3.3.1-9] in %s a message without RETAIN changes no retained one, and one for an existing subscription has no RETAIN',
  async (version) => {
    await using broker = await startBroker({ listeners: [] });
    const client = await connect(broker, { version });
    await client.subscribe('a');
    client.publish('a', 'kept', { retain: true });
    client.publish('a', 'passing');
    expect((await client.settled()).map((packet) => packet.type === 'publish' && packet.retain)).toEqual([
      false,
      false,
    ]);
    expect(broker.retained.map(textOf)).toEqual(['kept']);
  },
);

test('[5.0 MQTT-3.3.1-13] with Retain As Published the flag is as it was published', async () => {
  await using broker = await startBroker({ listeners: [] });
  const client = await connect(broker);
  await client.subscribe('a', { retainAsPublished: true });
  client.publish('a', '1', { retain: true });
  client.publish('a', '2');
  expect(await client.next('publish')).toMatchObject({ retain: true });
  expect(await client.next('publish')).toMatchObject({ retain: false });
});

test('[5.0 MQTT-3.3.1-10] with Retain Handling 1 only a new subscription gets retained messages', async () => {
  await using broker = await startBroker({ listeners: [] });
  const client = await connect(broker);
  await broker.publish({ topic: 'a', payload: 'x', retain: true });
  await client.subscribe('a', { retainHandling: 1 });
  expect(textOf(await client.next('publish'))).toBe('x');
  await client.subscribe('a', { retainHandling: 1 });
  expect(await client.settled()).toEqual([]);
});

test('[5.0 MQTT-3.3.1-11] with Retain Handling 2 no retained message is sent', async () => {
  await using broker = await startBroker({ listeners: [] });
  const client = await connect(broker);
  await broker.publish({ topic: 'a', payload: 'x', retain: true });
  await client.subscribe('a', { retainHandling: 2 });
  expect(await client.settled()).toEqual([]);
});

test.each(versions)(
  '[5.0 MQTT-3.8.4-3, MQTT-3.8.4-4] [3.1.1 MQTT-3.8.4-3] in %s an identical filter replaces the subscription, and the retained message comes again',
  async (version) => {
    await using broker = await startBroker({ listeners: [] });
    const client = await connect(broker, { version });
    await broker.publish({ topic: 'a', payload: 'x', qos: 2, retain: true });
    await client.subscribe('a', { qos: 0 });
    expect(await client.next('publish')).toMatchObject({ qos: 0, retain: true });
    await client.subscribe('a', { qos: 1 });
    expect(await client.next('publish')).toMatchObject({ qos: 1, retain: true });
    expect(broker.subscriptions).toMatchObject([{ filter: 'a', qos: 1 }]);
    await broker.publish({ topic: 'a', qos: 2 });
    expect(await client.settled()).toHaveLength(1);
  },
);

test.each(versions)(
  '[3.1.1 MQTT-3.1.2-7] in %s retained messages outlive the session that published them',
  async (version) => {
    await using broker = await startBroker({ listeners: [] });
    const client = await connect(broker, { version });
    client.publish('a', 'x', { retain: true });
    client.send({ type: 'disconnect', reasonCode: 0 });
    await client.ended();
    expect(broker.sessions).toEqual([]);
    expect(broker.retained.map(({ topic }) => topic)).toEqual(['a']);
  },
);

test('a retained message beyond the limit is refused with 0x97, and the others stay', async () => {
  await using broker = await startBroker({ listeners: [], limits: { retainedMessages: 1 } });
  const client = await connect(broker);
  client.publish('a', 'x', { retain: true, qos: 1, packetId: 1 });
  client.publish('b', 'x', { retain: true, qos: 1, packetId: 2 });
  client.publish('a', 'y', { retain: true, qos: 1, packetId: 3 });
  expect(await client.settled()).toMatchObject([{ reasonCode: 0x10 }, { reasonCode: 0x97 }, { reasonCode: 0x10 }]);
  expect(broker.retained.map(textOf)).toEqual(['y']);
});
