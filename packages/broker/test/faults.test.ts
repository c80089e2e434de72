import { fakeClock } from '@omqtt/testkit';
import { expect, test } from 'vitest';
import { BrokerClosedError, startBroker } from '../src/index.ts';
import { bytesOf, connect, connectPacket, dial, textOf } from './raw-client.ts';

const lasting = { cleanStart: false, properties: { sessionExpirySeconds: 3600 } };

test('refusals are used up in their order, and only by those whom they are for', async () => {
  await using broker = await startBroker({ listeners: [] });
  broker.refuse({ reasonCode: 0x89, times: 2, when: (_packet, clientId) => clientId === 'victim' });
  await connect(broker, { clientId: 'other' });
  for (const reasonCode of [0x89, 0x89, 0]) {
    const client = await dial(broker);
    client.send(connectPacket({ clientId: 'victim' }));
    expect(await client.next('connack')).toMatchObject({ reasonCode });
  }
});

test('a packet that is dropped never leaves, and the client stays', async () => {
  await using broker = await startBroker({ listeners: [] });
  const client = await connect(broker);
  broker.faults.drop('puback');
  client.publish('a', 'x', { qos: 1, packetId: 1 });
  client.publish('a', 'x', { qos: 1, packetId: 2 });
  expect(await client.settled()).toMatchObject([{ packetId: 2 }]);
});

test('a packet that is delayed comes later', async () => {
  const clock = fakeClock();
  await using broker = await startBroker({ listeners: [], clock });
  const client = await connect(broker);
  await client.subscribe('a', { qos: 0 });
  broker.faults.delay('publish', 500, { when: (packet) => packet.type === 'publish' && textOf(packet) === 'late' });
  for (const payload of ['late', 'in time']) await broker.publish({ topic: 'a', payload });
  expect(textOf(await client.next('publish'))).toBe('in time');
  clock.advance(500);
  expect(textOf(await client.next('publish'))).toBe('late');
});

test('what is delayed never comes when the faults are cleared, and is not sent to a connection that is gone', async () => {
  const clock = fakeClock();
  await using broker = await startBroker({ listeners: [], clock });
  const client = await connect(broker);
  broker.faults.delay('pingresp', 500, { times: 2 });
  client.send({ type: 'pingreq' });
  await expect.poll(() => broker.counters.packetsReceived).toBe(2);
  broker.faults.clear();
  clock.advance(500);
  expect(await client.settled()).toEqual([]);
  broker.faults.delay('pingresp', 500);
  client.send({ type: 'pingreq' });
  await expect.poll(() => broker.counters.packetsReceived).toBe(4);
  broker.cut();
  clock.advance(500);
  expect(await client.ended()).toEqual([]);
});

test('a cut connection ends without a word, and its will is published', async () => {
  await using broker = await startBroker({ listeners: [] });
  const will = { topic: 'will', payload: bytesOf('x'), qos: 0, retain: true } as const;
  const client = await connect(broker, { clientId: 'cut', will });
  const other = await connect(broker, { clientId: 'other' });
  broker.cut('cut');
  expect(await client.ended()).toEqual([]);
  expect(broker.retained).toHaveLength(1);
  expect(await other.settled()).toEqual([]);
});

test('a paused broker neither reads nor writes, and goes on where it was', async () => {
  await using broker = await startBroker({ listeners: [] });
  const client = await connect(broker);
  await client.subscribe('a', { qos: 0 });
  broker.pause();
  client.send({ type: 'pingreq' });
  await broker.publish({ topic: 'a' });
  const late = await dial(broker);
  late.send(connectPacket({ clientId: 'late' }));
  for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  expect(client.unread()).toEqual([]);
  expect(late.unread()).toEqual([]);
  broker.resume();
  expect((await client.settled()).map(({ type }) => type)).toEqual(['publish']);
  await late.next('connack');
});

test('a redirected client hears where to go', async () => {
  await using broker = await startBroker({ listeners: [] });
  broker.redirect({ serverReference: 'other.example:1883', times: 1 });
  const client = await dial(broker);
  client.send(connectPacket());
  expect(await client.next('connack')).toMatchObject({
    reasonCode: 0x9c,
    properties: { serverReference: 'other.example:1883' },
  });
  await connect(broker);
});

test.each([true, false])(
  'a broker that goes away says so, and is back at the same address, with its sessions: %s',
  async (keepSessions) => {
    await using broker = await startBroker({ listeners: [{ type: 'tcp' }, { type: 'ws' }] });
    const { urls } = broker;
    const client = await connect(broker, lasting);
    await client.subscribe('a');
    await broker.publish({ topic: 'b', payload: 'x', retain: true });
    await broker.goAway({ keepSessions });
    expect(await client.ended()).toMatchObject([{ type: 'disconnect', reasonCode: 0x8b }]);
    await expect(dial(broker)).rejects.toMatchObject({ code: 'connection-refused', retryable: true });
    await broker.comeBack();
    expect(broker.urls).toEqual(urls);
    const back = await dial(broker);
    back.send(connectPacket(lasting));
    expect(await back.next('connack')).toMatchObject({ sessionPresent: keepSessions });
    expect(broker.retained).toHaveLength(keepSessions ? 1 : 0);
  },
);

test('limits can be changed while the broker runs', async () => {
  await using broker = await startBroker({ listeners: [] });
  broker.setLimits({ receiveMaximum: 3 });
  const client = await dial(broker);
  client.send(connectPacket());
  expect((await client.next('connack')).properties).toMatchObject({ receiveMaximum: 3 });
  expect(() => broker.setLimits({ maximumQoS: 3 as 2 })).toThrow('limits.maximumQoS');
  expect(() => broker.setLimits({ nonsense: 1 } as object)).toThrow('limits.nonsense');
});

test('a closed broker has ended everything, and does not come back', async () => {
  const broker = await startBroker();
  const client = await connect(broker);
  await broker.close();
  await broker.close();
  expect(await client.ended()).toMatchObject([{ reasonCode: 0x8b }]);
  expect([broker.clients, broker.sessions, broker.retained]).toEqual([[], [], []]);
  await expect(broker.comeBack()).rejects.toThrow(BrokerClosedError);
});

test.each([
  { title: 'a wildcard', message: { topic: 'a/+' } },
  { title: 'a QoS of 3', message: { topic: 'a', qos: 3 as 2 } },
  { title: 'a text that is none', message: { topic: 'a', properties: { contentType: '\uD800' } } },
])('a message from inside with $title is refused, and reaches nobody', async ({ message }) => {
  await using broker = await startBroker({ listeners: [] });
  const client = await connect(broker);
  await client.subscribe('#');
  await expect(broker.publish(message)).rejects.toMatchObject({ code: 'invalid-packet' });
  expect(await client.settled()).toEqual([]);
  expect(broker.sessions).toMatchObject([{ inFlight: [] }]);
});

test('what a broker holds can be looked at', async () => {
  const clock = fakeClock();
  await using broker = await startBroker({ listeners: [], clock });
  const client = await connect(broker, { ...lasting, username: 'ann', clientId: 'a' });
  await client.subscribe('t', { qos: 1, identifier: 5 });
  await broker.publish({ topic: 't', payload: 'x', qos: 2, retain: true });
  const { packetId } = await client.next('publish');
  client.publish('b', 'x', { qos: 2, packetId: 9 });
  await client.next('pubrec');
  expect(broker.clients).toEqual([
    { clientId: 'a', version: '5.0', username: 'ann', peer: 'memory:1', connectedAt: clock.now() },
  ]);
  expect(broker.sessions).toEqual([
    {
      clientId: 'a',
      isConnected: true,
      expirySeconds: 3600,
      queued: 0,
      queuedBytes: 0,
      inFlight: [{ packetId, stage: 'sent', topic: 't' }],
      inboundIds: [9],
      hasDelayedWill: false,
    },
  ]);
  expect(broker.subscriptions).toMatchObject([{ clientId: 'a', filter: 't', qos: 1, identifier: 5 }]);
  expect(broker.retained).toMatchObject([{ topic: 't', qos: 2 }]);
  expect(broker.counters).toMatchObject({ connectionsAccepted: 1, publishReceived: 1, publishSent: 1 });
});
