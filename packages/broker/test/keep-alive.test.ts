import { fakeClock } from '@omqtt/testkit';
import { expect, test } from 'vitest';
import { startBroker } from '../src/index.ts';
import { bytesOf, connect } from './raw-client.ts';

const will = { topic: 'will', payload: bytesOf('silent'), qos: 0, retain: true } as const;

test('[5.0 MQTT-3.1.2-22, MQTT-3.2.2-22] a client that is silent for one and a half times its keep-alive hears 0x8D, and its will is published', async () => {
  const clock = fakeClock();
  await using broker = await startBroker({ listeners: [], clock });
  const client = await connect(broker, { keepAliveSeconds: 10, will });
  clock.advance(14_999);
  expect(await client.settled()).toEqual([]);
  clock.advance(14_999);
  expect(client.isClosed).toBe(false);
  clock.advance(1);
  expect(await client.ended()).toMatchObject([{ type: 'disconnect', reasonCode: 0x8d }]);
  expect(broker.retained).toHaveLength(1);
});

test('[3.1.1 MQTT-3.1.2-24] in 3.1.1 a silent client is dropped, too', async () => {
  const clock = fakeClock();
  await using broker = await startBroker({ listeners: [], clock });
  const client = await connect(broker, { version: '3.1.1', keepAliveSeconds: 10 });
  clock.advance(15_000);
  expect(await client.ended()).toEqual([]);
});

test('the keep-alive of the server holds for clients of 5.0', async () => {
  const clock = fakeClock();
  await using broker = await startBroker({ listeners: [], clock, limits: { serverKeepAliveSeconds: 2 } });
  const client = await connect(broker, { keepAliveSeconds: 10 });
  clock.advance(3000);
  expect(await client.ended()).toMatchObject([{ reasonCode: 0x8d }]);
});

test('a client without a keep-alive may be silent, and so may all while the broker is paused', async () => {
  const clock = fakeClock();
  await using broker = await startBroker({ listeners: [], clock });
  const silent = await connect(broker, { clientId: 'silent' });
  const other = await connect(broker, { clientId: 'other', keepAliveSeconds: 10 });
  broker.pause();
  clock.advance(86_400_000);
  broker.resume();
  expect(await silent.settled()).toEqual([]);
  expect(await other.settled()).toEqual([]);
});
