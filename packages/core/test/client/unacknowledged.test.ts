import { describe, expect, test } from 'vitest';
import { type Bench, connected, watch } from './bench.ts';
import { message, subscribed } from './subscribed.ts';

const LIMIT = 10;

/** With a server that may send one message after the other, and waits for nothing. */
function v3(options: { readonly keepAliveSeconds?: number } = {}): Promise<Bench> {
  return connected({ version: '3.1.1', receiveMaximum: LIMIT, ...options });
}

function acknowledged({ broker }: Bench): readonly (number | undefined)[] {
  return broker.received.flatMap(({ packet }) => (packet.type === 'puback' ? [packet.packetId] : []));
}

describe('unacknowledged messages in 3.1.1, which has no Receive Maximum', () => {
  test('are bounded: above the limit nothing more is read until some of them are done with', async () => {
    const bench = await v3();
    const messages = await subscribed(bench, 'a', { ack: 'manual' });
    const all = Array.from({ length: 1000 }, (_, index) => message('a', `${index + 1}`, { packetId: index + 1 }));
    for (const each of all) bench.broker.send(each);
    await bench.clock.settle();
    expect(messages.buffered).toBe(LIMIT);
    for (let packetId = 1; packetId <= 1000; packetId += 1) {
      const next = await messages.next();
      expect(next.text()).toBe(`${packetId}`);
      expect(messages.buffered).toBeLessThan(LIMIT);
      next.ack();
      await bench.clock.settle();
    }
    expect(acknowledged(bench)).toEqual(Array.from({ length: 1000 }, (_, index) => index + 1));
  });

  test('do not end the connection, however long they take: pings leave, and their answers are read later', async () => {
    const bench = await v3({ keepAliveSeconds: 10 });
    const { client, broker, clock } = bench;
    const messages = await subscribed(bench, 'a', { ack: 'manual' });
    for (let packetId = 1; packetId <= 20; packetId += 1) broker.send(message('a', `${packetId}`, { packetId }));
    for (let minute = 0; minute < 5; minute += 1) {
      await clock.settle(60_000);
      for (let pings = 0; pings < 6; pings += 1) {
        await broker.expect('pingreq');
        broker.send({ type: 'pingresp' });
      }
    }
    expect(client.isConnected).toBe(true);
    for (let count = 0; count < 20; count += 1) {
      (await messages.next()).ack();
      await clock.settle();
    }
    expect(acknowledged(bench)).toHaveLength(20);
    expect(client.counts.connections).toBe(1);
  });

  test('leave a server that has died meanwhile to be found out when reading goes on', async () => {
    const bench = await v3({ keepAliveSeconds: 10 });
    const { client, broker, clock } = bench;
    const messages = await subscribed(bench, 'a', { ack: 'manual' });
    for (let packetId = 1; packetId <= LIMIT; packetId += 1) broker.send(message('a', `${packetId}`, { packetId }));
    await clock.settle(60_000);
    expect(client.isConnected).toBe(true);
    (await messages.next()).ack();
    await clock.settle(9999);
    expect(client.isConnected).toBe(true);
    await clock.settle(1);
    expect(client.isConnected).toBe(false);
  });

  test('do not keep a handler from what it waits for: an answer is always read', async () => {
    const bench = await v3();
    const { client, broker, clock } = bench;
    await subscribed(bench, 'a', { handler: () => client.publish('b', 'x', { qos: 1 }) });
    for (let packetId = 1; packetId <= 100; packetId += 1) broker.send(message('a', `${packetId}`, { packetId }));
    for (let count = 1; count <= 100; count += 1) {
      const { packetId = 0 } = await broker.expect('publish', { topic: 'b' });
      broker.send({ type: 'puback', packetId, reasonCode: 0 });
      await broker.expect('puback', { packetId: count });
    }
    await clock.settle();
    expect(client.counts.inFlight).toBe(0);
  });

  test('do not keep a ping, a subscription or a QoS 2 publisher from their answers', async () => {
    const bench = await v3();
    const { client, broker, clock } = bench;
    await subscribed(bench, 'a', { ack: 'manual' });
    for (let packetId = 1; packetId <= 50; packetId += 1) broker.send(message('a', `${packetId}`, { packetId }));
    await clock.settle();
    const ping = watch(client.ping());
    await broker.expect('pingreq');
    broker.send({ type: 'pingresp' });
    await clock.settle();
    expect(ping.state).toBe('resolved');
    await subscribed(bench, 'b');
    const published = watch(client.publish('b', 'x', { qos: 2 }));
    const { packetId = 0 } = await broker.expect('publish');
    broker.send({ type: 'pubrec', packetId, reasonCode: 0 });
    await broker.expect('pubrel');
    broker.send({ type: 'pubcomp', packetId, reasonCode: 0 });
    await clock.settle();
    expect(published.state).toBe('resolved');
  });

  test('of QoS 2 count as well', async () => {
    const bench = await v3();
    const messages = await subscribed(bench, 'a', { qos: 2, ack: 'manual' });
    for (let packetId = 1; packetId <= 50; packetId += 1) {
      bench.broker.send(message('a', `${packetId}`, { packetId, qos: 2 }));
    }
    await bench.clock.settle();
    expect(messages.buffered).toBe(LIMIT);
  });
});

test('in 5.0 the Receive Maximum is for the server to keep, and QoS 0 and answers are read all the time', async () => {
  const bench = await connected({ receiveMaximum: LIMIT });
  const messages = await subscribed(bench, 'a', { ack: 'manual' });
  for (let packetId = 1; packetId <= LIMIT; packetId += 1) bench.broker.send(message('a', '', { packetId }));
  bench.broker.send(message('a', 'news', { qos: 0 }));
  await bench.clock.settle();
  expect(messages.buffered).toBe(LIMIT + 1);
});
