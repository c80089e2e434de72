import { fakeClock } from '@omqtt/testkit';
import { expect, test } from 'vitest';
import { startBroker } from '../src/index.ts';
import { bytesOf, connect, textOf } from './raw-client.ts';

const versions = ['5.0', '3.1.1'] as const;
const will = { topic: 'will', payload: bytesOf('gone'), qos: 1, retain: false } as const;

test.each(versions)(
  '[5.0 MQTT-3.1.2-7, MQTT-3.1.2-8, MQTT-3.1.2-10, MQTT-3.1.2-14] [3.1.1 MQTT-3.1.2-8, MQTT-3.1.2-10, MQTT-3.1.2-16] in %s a will is published once when the connection is lost, without RETAIN unless it asks for it',
  async (version) => {
    await using broker = await startBroker({ listeners: [] });
    const watcher = await connect(broker, { clientId: 'watcher' });
    await watcher.subscribe('will', { qos: 0, retainAsPublished: true });
    const client = await connect(broker, { version, will });
    client.destroy();
    const published = await watcher.next('publish');
    expect(textOf(published)).toBe('gone');
    expect(published.retain).toBe(false);
    expect(broker.retained).toEqual([]);
    const next = await connect(broker, { version });
    next.destroy();
    await next.ended();
    expect(await watcher.settled()).toEqual([]);
  },
);

test.each(versions)(
  '[5.0 MQTT-3.1.2-15] [3.1.1 MQTT-3.1.2-17] in %s a will with RETAIN is retained',
  async (version) => {
    await using broker = await startBroker({ listeners: [] });
    const client = await connect(broker, { version, will: { ...will, retain: true } });
    client.destroy();
    await client.ended();
    await expect.poll(() => broker.retained.map(({ topic }) => topic)).toEqual(['will']);
  },
);

test.each(versions)(
  '[5.0 MQTT-3.14.4-3] [3.1.1 MQTT-3.14.4-3, MQTT-3.1.2-12] in %s a goodbye takes the will with it',
  async (version) => {
    await using broker = await startBroker({ listeners: [] });
    const watcher = await connect(broker, { clientId: 'watcher' });
    await watcher.subscribe('#');
    const client = await connect(broker, { version, will });
    client.send({ type: 'disconnect', reasonCode: 0 });
    await client.ended();
    expect(await watcher.settled()).toEqual([]);
  },
);

test('[5.0 MQTT-3.1.2-8] a goodbye with 0x04 asks for the will', async () => {
  await using broker = await startBroker({ listeners: [] });
  const watcher = await connect(broker, { clientId: 'watcher' });
  await watcher.subscribe('#');
  const client = await connect(broker, { will });
  client.send({ type: 'disconnect', reasonCode: 0x04 });
  expect(textOf(await watcher.next('publish'))).toBe('gone');
});

const delayed = {
  cleanStart: false,
  will: { ...will, properties: { willDelaySeconds: 10 } },
  properties: { sessionExpirySeconds: 60 },
} as const;

test('[5.0 MQTT-3.1.2-8] a will waits for its delay', async () => {
  const clock = fakeClock();
  await using broker = await startBroker({ listeners: [], clock });
  const watcher = await connect(broker, { clientId: 'watcher' });
  await watcher.subscribe('will', { qos: 0 });
  const client = await connect(broker, delayed);
  client.destroy();
  await expect.poll(() => broker.sessions.some(({ hasDelayedWill }) => hasDelayedWill)).toBe(true);
  clock.advance(9999);
  expect(await watcher.settled()).toEqual([]);
  clock.advance(1);
  expect(textOf(await watcher.next('publish'))).toBe('gone');
});

test('[5.0 MQTT-3.1.3-9] a client that is back before the delay is over has no will published', async () => {
  const clock = fakeClock();
  await using broker = await startBroker({ listeners: [], clock });
  const watcher = await connect(broker, { clientId: 'watcher' });
  await watcher.subscribe('will', { qos: 0 });
  const client = await connect(broker, delayed);
  client.destroy();
  await expect.poll(() => broker.sessions.some(({ hasDelayedWill }) => hasDelayedWill)).toBe(true);
  clock.advance(9999);
  await connect(broker, delayed);
  clock.advance(20_000);
  expect(await watcher.settled()).toEqual([]);
});

test('[5.0 MQTT-3.1.2-8] the end of the session ends the delay, and so does a clean start', async () => {
  const clock = fakeClock();
  await using broker = await startBroker({ listeners: [], clock });
  const watcher = await connect(broker, { clientId: 'watcher' });
  await watcher.subscribe('will', { qos: 0 });
  const short = await connect(broker, { ...delayed, clientId: 'short', properties: { sessionExpirySeconds: 5 } });
  const clean = await connect(broker, { ...delayed, clientId: 'clean' });
  short.destroy();
  clean.destroy();
  await expect.poll(() => broker.sessions.filter(({ hasDelayedWill }) => hasDelayedWill)).toHaveLength(2);
  clock.advance(5000);
  expect(await watcher.settled()).toHaveLength(1);
  await connect(broker, { clientId: 'clean' });
  expect(await watcher.settled()).toHaveLength(1);
});

test('[5.0 MQTT-3.1.3-10] a will has its properties, in their order, and its delay stays behind', async () => {
  await using broker = await startBroker({ listeners: [] });
  const watcher = await connect(broker, { clientId: 'watcher' });
  await watcher.subscribe('will');
  const userProperties = [
    ['b', '1'],
    ['a', '2'],
    ['b', '3'],
  ] as const;
  const client = await connect(broker, { will: { ...will, properties: { contentType: 't', userProperties } } });
  client.destroy();
  expect((await watcher.next('publish')).properties).toEqual({ contentType: 't', userProperties });
});
