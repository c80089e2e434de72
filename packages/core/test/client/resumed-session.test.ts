import { describe, expect, test } from 'vitest';
import { type Bench, type BenchOptions, connect, connected, newBench, watch } from './bench.ts';
import { recordingLogger } from './recording-logger.ts';
import { message, subscribed } from './subscribed.ts';

async function resumedWithoutSubscriptions(options: BenchOptions = {}): Promise<Bench> {
  const bench = newBench({ session: { expirySeconds: 60, adopt: true }, clientId: 'me', ...options });
  await connect(bench, { sessionPresent: true });
  return bench;
}

describe('a resumed session', () => {
  test('needs no SUBSCRIBE, and a lost one gets all filters back [parity Z26, E38]', async () => {
    const { client, broker, clock } = await connected({ session: { expirySeconds: 60 } });
    await subscribed({ client, broker }, 'a');
    await subscribed({ client, broker }, 'b', { qos: 2, noLocal: true });
    broker.cut();
    await clock.settle(500);
    await broker.acceptConnection({ sessionPresent: true });
    await broker.expectNothing();
    broker.cut();
    await clock.settle(5000);
    await broker.acceptConnection();
    const { subscriptions } = await broker.expect('subscribe');
    expect(subscriptions).toMatchObject([
      { filter: 'a', qos: 1 },
      { filter: 'b', qos: 2, noLocal: true },
    ]);
  });

  test('ends a subscription that the server refuses to renew, and takes back what else it had', async () => {
    const { client, broker, clock } = await connected();
    const subscription = await subscribed({ client, broker }, ['a', 'b']);
    const next = watch(subscription.next());
    broker.cut();
    await clock.settle(500);
    await broker.acceptConnection();
    const { packetId } = await broker.expect('subscribe');
    broker.send({ type: 'suback', packetId, reasonCodes: [1, 0x87] });
    await clock.settle();
    expect(next.error).toMatchObject({ code: 'subscribe-refused', failures: new Map([['b', 0x87]]) });
    expect(await broker.expect('unsubscribe')).toMatchObject({ filters: ['a'] });
  });

  test('holds its messages, unacknowledged, until someone declares what they belong to [parity Z27, E31]', async () => {
    const { client, broker } = await resumedWithoutSubscriptions();
    broker.send(
      message('a', '1', { packetId: 1 }),
      message('b', '2', { packetId: 2 }),
      message('a', '3', { packetId: 3 }),
    );
    await broker.expectNothing();
    expect(client.counts.held).toBe(3);
    const subscription = client.subscribe('a');
    expect([subscription.poll()?.text(), subscription.poll()?.text()]).toEqual(['1', '3']);
    await broker.expect('subscribe');
    await broker.expect('puback', { packetId: 1 });
    await broker.expectNothing();
    client.subscribe('b', { ack: 'on-receipt' });
    await broker.expect('subscribe');
    await broker.expect('puback', { packetId: 2 });
    await broker.expect('puback', { packetId: 3 });
  });

  test('holds them for a while only, and lets them go unacknowledged [parity Z27, E31]', async () => {
    const { logger, said } = recordingLogger();
    const { client, broker, clock } = await resumedWithoutSubscriptions({ logger });
    broker.send(message('a', '1'));
    await clock.settle(30_000);
    expect(client.counts.held).toBe(0);
    expect(said.filter(([level]) => level === 'warn')).toMatchObject([['warn', expect.any(String), { messages: 1 }]]);
    await broker.expectNothing();
  });

  test('does not hold QoS 0, nor more than it announced [parity Z27, E31]', async () => {
    const { client, broker, clock, statuses } = await resumedWithoutSubscriptions({ version: '3.1.1', clientId: 'me' });
    broker.send(message('a', '', { qos: 0 }));
    for (let packetId = 1; packetId <= 1000; packetId += 1) broker.send(message('a', '', { packetId }));
    await clock.settle();
    expect(client.counts).toMatchObject({ held: 1000, unrouted: 1 });
    broker.send(message('a', '', { packetId: 1001 }));
    await clock.settle();
    // Closed rather than lost: without an acknowledgement they stay with the server.
    expect(statuses.at(-1)).toMatchObject({ type: 'disconnected', error: { code: 'undeclared-messages' } });
    expect(broker.received.filter(({ packet }) => packet.type === 'puback')).toEqual([]);
  });
});
