import { fakeClock } from '@omqtt/testkit';
import { expect, test } from 'vitest';
import { startBroker } from '../src/index.ts';
import { connect, textOf } from './raw-client.ts';

test('the $SYS topics are retained, brought up to date, and not among the messages of clients', async () => {
  const clock = fakeClock();
  await using broker = await startBroker({
    listeners: [],
    clock,
    sysIntervalSeconds: 10,
    limits: { retainedMessages: 0 },
  });
  const client = await connect(broker);
  await client.subscribe('$SYS/broker/clients/connected');
  const first = await client.next('publish');
  expect([textOf(first), first.retain]).toEqual(['0', true]);
  clock.advance(10_000);
  const second = await client.next('publish');
  expect([textOf(second), second.retain]).toEqual(['1', false]);
  await client.subscribe('$SYS/broker/#');
  const topics = (await client.settled()).map((packet) => packet.type === 'publish' && packet.topic);
  expect(topics).toContain('$SYS/broker/uptime');
  expect(broker.retained).toEqual([]);
});

test('with an interval of 0 there are none', async () => {
  await using broker = await startBroker({ listeners: [], sysIntervalSeconds: 0 });
  const client = await connect(broker);
  await client.subscribe('$SYS/#');
  expect(await client.settled()).toEqual([]);
});
