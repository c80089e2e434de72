import { fakeClock } from '@omqtt/testkit';
import { expect, test } from 'vitest';
import { startBroker } from '../src/index.ts';
import { connect, connectPacket, dial, textOf } from './raw-client.ts';

/** What keeps a session in each version. */
const lasting = [
  { version: '5.0', cleanStart: false, properties: { sessionExpirySeconds: 60 } },
  { version: '3.1.1', cleanStart: false },
] as const;
const versions = ['5.0', '3.1.1'] as const;

test.each(versions)(
  '[5.0 MQTT-3.1.4-5, MQTT-3.2.0-1, MQTT-3.2.2-2, MQTT-3.1.2-4, MQTT-3.1.4-4] [3.1.1 MQTT-3.1.4-4, MQTT-3.2.0-1, MQTT-3.2.2-1, MQTT-3.1.2-6, MQTT-3.1.4-3] in %s a clean start is accepted without a session, and drops the old one',
  async (version) => {
    await using broker = await startBroker({ listeners: [] });
    const kept = version === '5.0' ? lasting[0] : lasting[1];
    const first = await connect(broker, kept);
    await first.subscribe('a');
    first.destroy();
    await first.ended();
    const second = await dial(broker, version);
    second.send(connectPacket({ version }));
    expect(await second.next('connack')).toMatchObject({ sessionPresent: false, reasonCode: 0 });
    expect(broker.subscriptions).toEqual([]);
  },
);

test.each(lasting)(
  '[5.0 MQTT-3.1.2-5, MQTT-3.2.2-3, MQTT-3.1.2-23, MQTT-4.1.0-1, MQTT-3.1.3-2] [3.1.1 MQTT-3.1.2-4, MQTT-3.1.2-5, MQTT-3.2.2-2, MQTT-3.1.3-2, MQTT-4.1.0-1] in $version a session that is kept has its subscriptions and what came meanwhile',
  async (wish) => {
    await using broker = await startBroker({ listeners: [] });
    const first = await connect(broker, wish);
    await first.subscribe('a');
    first.destroy();
    await first.ended();
    await broker.publish({ topic: 'a', payload: 'at most once', qos: 0 });
    await broker.publish({ topic: 'a', payload: 'one', qos: 1 });
    await broker.publish({ topic: 'a', payload: 'two', qos: 2 });
    const second = await dial(broker, wish.version);
    second.send(connectPacket(wish));
    expect(await second.next('connack')).toMatchObject({ sessionPresent: true });
    expect((await second.settled()).map((packet) => packet.type === 'publish' && textOf(packet))).toEqual([
      'one',
      'two',
    ]);
  },
);

test.each(lasting)(
  '[5.0 MQTT-3.1.2-6, MQTT-3.2.2-3] [3.1.1 MQTT-3.2.2-3] in $version Session Present is 0 where there is no session to resume',
  async (wish) => {
    await using broker = await startBroker({ listeners: [] });
    const client = await dial(broker, wish.version);
    client.send(connectPacket(wish));
    expect(await client.next('connack')).toMatchObject({ sessionPresent: false });
  },
);

test.each(lasting)(
  '[5.0 MQTT-4.4.0-1, MQTT-3.3.1-1, MQTT-3.3.1-3, MQTT-4.3.2-3, MQTT-4.3.3-3, MQTT-4.3.3-5, MQTT-4.3.3-6] [3.1.1 MQTT-4.4.0-1, MQTT-3.3.1-1, MQTT-3.3.1-3] in $version what was not acknowledged is sent again with its id: PUBLISH with DUP, and PUBREL once PUBREC had come',
  async (wish) => {
    await using broker = await startBroker({ listeners: [] });
    const first = await connect(broker, wish);
    await first.subscribe('a');
    await broker.publish({ topic: 'a', payload: '1', qos: 2 });
    await broker.publish({ topic: 'a', payload: '2', qos: 1 });
    await broker.publish({ topic: 'a', payload: '3', qos: 2 });
    const sent = [await first.next('publish'), await first.next('publish'), await first.next('publish')];
    const ids = sent.map(({ packetId = 0 }) => packetId);
    first.send({ type: 'pubrec', packetId: ids[0] as number, reasonCode: 0 });
    await first.next('pubrel');
    first.destroy();
    await first.ended();
    const second = await connect(broker, wish);
    expect(await second.settled()).toMatchObject([
      { type: 'pubrel', packetId: ids[0] },
      { type: 'publish', packetId: ids[1], dup: true, qos: 1 },
      { type: 'publish', packetId: ids[2], dup: true, qos: 2 },
    ]);
  },
);

test.each(lasting)(
  '[5.0 MQTT-4.3.3-10, MQTT-4.3.3-12] [3.1.1 MQTT-4.3.3-2] in $version a QoS 2 message that is repeated on the next connection is not delivered twice',
  async (wish) => {
    await using broker = await startBroker({ listeners: [] });
    const subscriber = await connect(broker, { clientId: 'subscriber' });
    await subscriber.subscribe('a', { qos: 0 });
    const first = await connect(broker, wish);
    first.publish('a', 'x', { qos: 2, packetId: 4 });
    await first.next('pubrec');
    first.destroy();
    await first.ended();
    const second = await connect(broker, wish);
    second.publish('a', 'x', { qos: 2, packetId: 4, dup: true });
    expect(await second.next('pubrec')).toMatchObject({ packetId: 4 });
    second.send({ type: 'pubrel', packetId: 4, reasonCode: 0 });
    await second.next('pubcomp');
    expect(await subscriber.settled()).toHaveLength(1);
  },
);

test('[5.0 MQTT-3.1.4-3] who connects with a client id in use takes the session over, and the other hears 0x8E', async () => {
  await using broker = await startBroker({ listeners: [] });
  const first = await connect(broker, lasting[0]);
  const second = await dial(broker);
  second.send(connectPacket(lasting[0]));
  expect(await second.next('connack')).toMatchObject({ sessionPresent: true });
  expect(await first.ended()).toMatchObject([{ type: 'disconnect', reasonCode: 0x8e }]);
  expect(broker.clients).toHaveLength(1);
});

test('[3.1.1 MQTT-3.1.4-2] in 3.1.1 who connects with a client id in use ends the other connection', async () => {
  await using broker = await startBroker({ listeners: [] });
  const first = await connect(broker, lasting[1]);
  await connect(broker, lasting[1]);
  expect(await first.ended()).toEqual([]);
});

test('[5.0 MQTT-4.1.0-2] a session ends when its expiry has passed, and not while it is connected', async () => {
  const clock = fakeClock();
  await using broker = await startBroker({ listeners: [], clock });
  const first = await connect(broker, lasting[0]);
  clock.advance(3_600_000);
  expect(broker.sessions).toHaveLength(1);
  first.destroy();
  await first.ended();
  clock.advance(59_999);
  expect(broker.sessions).toHaveLength(1);
  clock.advance(1);
  expect(broker.sessions).toEqual([]);
});

test('[3.1.1 MQTT-4.1.0-2] a session of 3.1.1 lasts as long as its connection at least', async () => {
  const clock = fakeClock();
  await using broker = await startBroker({ listeners: [], clock });
  const client = await connect(broker, { version: '3.1.1' });
  clock.advance(86_400_000);
  expect(broker.sessions).toMatchObject([{ isConnected: true }]);
  client.destroy();
  await client.ended();
  expect(broker.sessions).toEqual([]);
});

test('DISCONNECT can change the expiry, but not begin one', async () => {
  const clock = fakeClock();
  await using broker = await startBroker({ listeners: [], clock });
  const longer = await connect(broker, { ...lasting[0], clientId: 'longer' });
  longer.send({ type: 'disconnect', reasonCode: 0, properties: { sessionExpirySeconds: 120 } });
  const late = await connect(broker, { clientId: 'late' });
  late.send({ type: 'disconnect', reasonCode: 0, properties: { sessionExpirySeconds: 120 } });
  expect(await late.ended()).toMatchObject([{ type: 'disconnect', reasonCode: 0x82 }]);
  await longer.ended();
  clock.advance(119_999);
  expect(broker.sessions).toMatchObject([{ clientId: 'longer' }]);
  clock.advance(1);
  expect(broker.sessions).toEqual([]);
});

test('[5.0 MQTT-3.1.3-6, MQTT-3.1.3-7, MQTT-3.2.2-16] an empty client id is replaced by a unique one, which CONNACK tells', async () => {
  await using broker = await startBroker({ listeners: [] });
  const assigned: (string | undefined)[] = [];
  for (let count = 0; count < 2; count += 1) {
    const client = await dial(broker);
    client.send(connectPacket({ clientId: '' }));
    assigned.push((await client.next('connack')).properties?.assignedClientId);
  }
  expect(broker.clients.map(({ clientId }) => clientId)).toEqual(assigned);
  expect(new Set(assigned).size).toBe(2);
});

test('[3.1.1 MQTT-3.1.3-6, MQTT-3.1.3-8, MQTT-3.1.3-9] in 3.1.1 an empty client id is replaced for a clean session and refused with return code 2 for another', async () => {
  await using broker = await startBroker({ listeners: [] });
  await connect(broker, { version: '3.1.1', clientId: '' });
  expect(broker.clients[0]?.clientId).not.toBe('');
  const client = await dial(broker, '3.1.1');
  // CONNECT · "MQTT" level 4 · flags: none · keep alive 0 · empty client id
  client.sendBytes([0x10, 12, 0, 4, 0x4d, 0x51, 0x54, 0x54, 4, 0, 0, 0, 0, 0]);
  await client.ended();
  expect(client.chunks.map((chunk) => [...chunk])).toEqual([[0x20, 2, 0, 2]]);
});

test('a session over the limit is refused with 0x97', async () => {
  await using broker = await startBroker({ listeners: [], limits: { sessions: 1 } });
  await connect(broker);
  const client = await dial(broker);
  client.send(connectPacket({ clientId: 'one too many' }));
  expect(await client.next('connack')).toMatchObject({ reasonCode: 0x97 });
  await client.ended();
});
