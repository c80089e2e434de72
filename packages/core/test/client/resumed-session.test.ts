import { encode } from '@omqtt/codec';
import { describe, expect, test } from 'vitest';
import { type Bench, type BenchOptions, connect, connected, newBench, watch } from './bench.ts';
import { recordingLogger } from './recording-logger.ts';
import { message, subscribed } from './subscribed.ts';

async function resumedWithoutSubscriptions(options: BenchOptions = {}): Promise<Bench> {
  const kept = options.version === '3.1.1' ? { cleanStart: false } : { session: { expirySeconds: 60, adopt: true } };
  const bench = newBench({ ...kept, clientId: 'me', ...options });
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

  test('holds them for a while only, and ends the connection that would have to lose them [parity Z27, E31]', async () => {
    for (const version of ['5.0', '3.1.1'] as const) {
      const { logger, said } = recordingLogger();
      const { client, broker, clock, statuses } = await resumedWithoutSubscriptions({ logger, version });
      broker.send(message('a', '1'));
      await clock.settle(29_999);
      expect(client.isConnected).toBe(true);
      await clock.settle(1);
      expect(said.filter(([, , facts]) => facts?.['messages'] === 1)).toMatchObject([['warn', expect.any(String), {}]]);
      if (version === '5.0') await broker.expect('disconnect', { reasonCode: 0x80 });
      await clock.settle();
      expect(statuses.at(-1)).toMatchObject({ type: 'waiting', error: { code: 'undeclared-messages' }, delayMs: 500 });
      expect(broker.received.filter(({ packet }) => packet.type === 'puback')).toEqual([]);
    }
  });

  test('comes back with growing delays when nobody declares them, and at once with the next one that does', async () => {
    const { client, broker, clock, statuses } = await resumedWithoutSubscriptions();
    const delays = [];
    for (let round = 0; round < 4; round += 1) {
      broker.send(message('a', '1'));
      await clock.settle(30_000);
      const status = statuses.at(-1);
      if (status?.type !== 'waiting') break;
      await broker.expect('disconnect');
      delays.push(status.delayMs);
      await clock.settle(status.delayMs);
      await broker.acceptConnection({ sessionPresent: true });
    }
    expect(delays).toEqual([500, 1000, 2000, 4000]);
    broker.send(message('a', '1'));
    const subscription = client.subscribe('a', { ack: 'on-receipt' });
    await clock.settle(30_000);
    expect(subscription.poll()?.text()).toBe('1');
    expect(client.isConnected).toBe(true);
  });

  test('refuses them if asked to, and what came after them is acknowledged', async () => {
    const session = { expirySeconds: 60, adopt: true, undeclared: 'refuse' } as const;
    const { client, broker, clock } = await resumedWithoutSubscriptions({ session });
    client.subscribe('b', { ack: 'on-receipt' }, () => undefined);
    await broker.expect('subscribe');
    broker.send(message('a', '1', { packetId: 1 }), message('b', '2', { packetId: 2 }));
    broker.send(message('a', '3', { packetId: 3, qos: 2 }));
    await broker.expectNothing();
    await clock.settle(30_000);
    await broker.expect('puback', { packetId: 1, reasonCode: 0x80 });
    await broker.expect('puback', { packetId: 2, reasonCode: 0 });
    await broker.expect('pubrec', { packetId: 3, reasonCode: 0x80 });
    expect(client.counts.held).toBe(0);
    expect(client.isConnected).toBe(true);
  });

  test('cannot refuse in 3.1.1, where it would be an acknowledgement', () => {
    const session = { undeclared: 'refuse' } as const;
    expect(() => newBench({ version: '3.1.1', clientId: 'me', session })).toThrow(
      '`session.undeclared` needs MQTT 5.0',
    );
  });

  test('does not hold QoS 0, nor more than it announced [parity Z27, E31]', async () => {
    const bench = await resumedWithoutSubscriptions({ version: '3.1.1', clientId: 'me' });
    const { client, broker, clock, statuses, transport } = bench;
    transport.slicing = 'as-written';
    broker.send(message('a', '', { qos: 0 }));
    broker.send(...Array.from({ length: 999 }, (_, index) => message('a', '', { packetId: index + 1 })));
    await clock.settle();
    expect(client.counts).toMatchObject({ held: 999, unrouted: 1 });
    // Two in one chunk, which is read to its end.
    const [last, oneMore] = [1000, 1001].map((packetId) => encode(message('a', '', { packetId }), '3.1.1'));
    broker.sendBytes([...(last ?? []), ...(oneMore ?? [])]);
    await clock.settle();
    // Closed rather than lost: without an acknowledgement they stay with the server.
    expect(statuses.at(-1)).toMatchObject({ type: 'disconnected', error: { code: 'undeclared-messages' } });
    expect(broker.received.filter(({ packet }) => packet.type === 'puback')).toEqual([]);
  });
});
