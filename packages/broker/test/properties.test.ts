import { fakeClock } from '@omqtt/testkit';
import { expect, test } from 'vitest';
import { startBroker } from '../src/index.ts';
import { bytesOf, connect, textOf } from './raw-client.ts';

const lasting = { cleanStart: false, properties: { sessionExpirySeconds: 3600 } };

const properties = {
  payloadFormatIndicator: 1,
  contentType: 'text/plain',
  responseTopic: 'answers/7',
  correlationData: Uint8Array.of(0, 255, 1),
  userProperties: [
    ['b', '1'],
    ['a', '2'],
    ['b', '1'],
  ],
} as const;

test.each([0, 1, 2] as const)(
  '[5.0 MQTT-3.3.2-4, MQTT-3.3.2-15, MQTT-3.3.2-16, MQTT-3.3.2-17, MQTT-3.3.2-18, MQTT-3.3.2-20] at QoS %i the properties of a message arrive as they were, live and retained',
  async (qos) => {
    await using broker = await startBroker({ listeners: [] });
    const client = await connect(broker);
    await client.subscribe('a');
    client.publish('a', 'x', { qos, retain: true, properties, ...(qos > 0 && { packetId: 1 }) });
    const live = (await client.settled()).find((packet) => packet.type === 'publish');
    expect(live).toMatchObject({ properties });
    const late = await connect(broker, { clientId: 'late' });
    await late.subscribe('#');
    expect((await late.next('publish')).properties).toEqual(properties);
  },
);

test('a subscriber of 3.1.1 gets the message without its properties, and one of 5.0 gets what 3.1.1 has published', async () => {
  await using broker = await startBroker({ listeners: [] });
  const old = await connect(broker, { clientId: 'old', version: '3.1.1' });
  const young = await connect(broker, { clientId: 'young' });
  for (const client of [old, young]) await client.subscribe('a', { qos: 1 });
  young.publish('a', 'from 5.0', { properties });
  old.publish('a', 'from 3.1.1', { qos: 1, packetId: 1 });
  const texts = async (client: typeof old): Promise<string[]> =>
    (await client.settled()).flatMap((packet) => (packet.type === 'publish' ? [textOf(packet)] : []));
  expect((await texts(old)).toSorted()).toEqual(['from 3.1.1', 'from 5.0']);
  expect((await texts(young)).toSorted()).toEqual(['from 3.1.1', 'from 5.0']);
});

test('[5.0 MQTT-3.3.2-5, MQTT-3.3.2-6] a message that waits loses the time from its expiry, and is dropped when none is left', async () => {
  const clock = fakeClock();
  await using broker = await startBroker({ listeners: [], clock });
  const first = await connect(broker, lasting);
  await first.subscribe('a');
  first.destroy();
  await first.ended();
  for (const messageExpirySeconds of [10, 100]) {
    await broker.publish({ topic: 'a', payload: 'x', qos: 1, properties: { messageExpirySeconds } });
  }
  clock.advance(10_000);
  const second = await connect(broker, lasting);
  expect(await second.settled()).toMatchObject([{ properties: { messageExpirySeconds: 90 } }]);
  expect(broker.counters.publishExpired).toBe(1);
});

test('[5.0 MQTT-3.3.2-6] a retained message counts down, and is gone when it has expired', async () => {
  const clock = fakeClock();
  await using broker = await startBroker({ listeners: [], clock });
  await broker.publish({ topic: 'a', payload: 'x', retain: true, properties: { messageExpirySeconds: 10 } });
  clock.advance(4000);
  const client = await connect(broker);
  await client.subscribe('a');
  expect(await client.next('publish')).toMatchObject({ properties: { messageExpirySeconds: 6 } });
  clock.advance(6000);
  await client.subscribe('a');
  expect(await client.settled()).toEqual([]);
  expect(broker.retained).toEqual([]);
});

test('[5.0 MQTT-4.3.3-7, MQTT-4.3.3-13] a message that was sent does not expire any more: it is repeated, and its exchange completed', async () => {
  const clock = fakeClock();
  await using broker = await startBroker({ listeners: [], clock });
  const first = await connect(broker, lasting);
  await first.subscribe('a');
  await broker.publish({ topic: 'a', payload: 'x', qos: 2, properties: { messageExpirySeconds: 10 } });
  const { packetId = 0 } = await first.next('publish');
  first.publish('b', 'x', { qos: 2, packetId: 5, properties: { messageExpirySeconds: 10 } });
  await first.next('pubrec');
  first.destroy();
  await first.ended();
  clock.advance(11_000);
  const second = await connect(broker, lasting);
  expect(await second.next('publish')).toMatchObject({ packetId, dup: true });
  second.send({ type: 'pubrel', packetId: 5, reasonCode: 0 });
  expect(await second.next('pubcomp')).toMatchObject({ packetId: 5, reasonCode: 0 });
});

test('small payloads that are kept do not keep the chunk that they came in', async () => {
  await using broker = await startBroker({ listeners: [] });
  const client = await connect(broker);
  client.sendBytes(new Uint8Array([...bytesOf('\u0031\u0008'), 0, 1, 0x61, 0, ...bytesOf('four')]));
  await client.settled();
  expect(broker.retained.map(textOf)).toEqual(['four']);
});
