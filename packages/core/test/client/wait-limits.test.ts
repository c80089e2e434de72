import { describe, expect, test } from 'vitest';
import { codeOf, connected, newBench, watch, type Watched } from './bench.ts';
import { silentMechanism } from './every-call.ts';

describe('the limits of a wait', () => {
  test('end it with the time, or with the signal [parity O12]', async () => {
    const { client, clock } = newBench({ offline: { maxMessages: 1 } });
    client.publish('a', 'w', { qos: 1 }).catch(() => undefined);
    const subscription = client.subscribe('a');
    const controller = new AbortController();
    const { signal } = controller;
    const all = (wait: { timeoutMs?: number; signal?: AbortSignal }): Watched<unknown>[] => [
      watch(client.publish('a', 'x', { qos: 1, ...wait })),
      watch(client.publish('a', 'y', { qos: 1, ...wait })),
      watch(client.enqueue('a', 'z', { qos: 1, ...wait })),
      watch(client.drained(wait)),
      watch(subscription.next(wait)),
      watch(client.request('s', 'x', wait)),
      watch(client.subscribe('c', wait).ready),
    ];
    const timed = all({ timeoutMs: 50 });
    await clock.settle(49);
    expect(timed.map(({ state }) => state)).toEqual(timed.map(() => 'pending'));
    await clock.settle(1);
    expect(timed.map(({ error }) => error?.code)).toEqual(timed.map(() => 'timed-out'));
    const aborted = all({ signal });
    await clock.settle(1000);
    controller.abort(new Error('enough'));
    await clock.settle();
    expect(aborted.map(({ error }) => error?.code)).toEqual(aborted.map(() => 'aborted'));
    expect(aborted[0]?.error?.cause).toEqual(new Error('enough'));
    expect(all({ signal }).length).toBe(aborted.length);
    expect(client.counts).toMatchObject({ waitingMessages: 1, publishers: 0 });
  });

  test('of a connect end the attempts [parity O12]', async () => {
    const { client, clock, transport } = newBench({ reconnect: { initial: true } });
    transport.refuseDials('unreachable', Infinity);
    const connecting = watch(client.connect({ timeoutMs: 10_000 }));
    await clock.settle(9999);
    expect(connecting.state).toBe('pending');
    await clock.settle(1);
    expect(connecting.error?.code).toBe('timed-out');
    const { length } = transport.dials;
    await clock.settle(100_000);
    expect(transport.dials.length).toBe(length);
  });

  test('of a ping or a re-authentication that has no answer', async () => {
    const auth = silentMechanism;
    const acceptance = { properties: { authenticationMethod: 'M' } };
    const { client, clock, broker } = await connected({ auth, keepAliveSeconds: 0 }, acceptance);
    const ping = watch(client.ping({ timeoutMs: 50 }));
    await clock.settle(50);
    expect(ping.error?.code).toBe('timed-out');
    await broker.expect('pingreq');
    const exchange = watch(client.reauthenticate({ timeoutMs: 50 }));
    await broker.expect('auth');
    await clock.settle(50);
    expect(exchange.error?.code).toBe('timed-out');
    // Neither side knows how far the other is.
    await broker.expectClosed();
  });

  test('refuse a time that is none', async () => {
    const { client } = newBench();
    expect(await codeOf(client.publish('a', 'x', { qos: 1, timeoutMs: Number.NaN }))).toBe('invalid-option');
    expect(client.counts.waitingMessages).toBe(0);
  });

  test('withdraw a message that has not left, and let one that has left end by itself [parity Z15, B25]', async () => {
    const { client, broker, clock } = await connected({}, { properties: { receiveMaximum: 1 } });
    const [sent, queued] = [new AbortController(), new AbortController()];
    const first = codeOf(client.publish('a', '1', { qos: 1, signal: sent.signal }));
    const second = codeOf(client.publish('a', '2', { qos: 1, signal: queued.signal }));
    const third = watch(client.publish('a', '3', { qos: 1 }));
    const { packetId = 0 } = await broker.expect('publish', { payload: '1' });
    sent.abort();
    queued.abort();
    expect(await Promise.all([first, second])).toEqual(['aborted', 'aborted']);
    // The slot and the id are still taken.
    await broker.expectNothing();
    expect(client.counts).toMatchObject({ inFlight: 1, packetIds: 1, sendSlots: 1, waitingMessages: 1 });
    broker.send({ type: 'puback', packetId, reasonCode: 0 });
    const next = await broker.expect('publish', { payload: '3' });
    broker.send({ type: 'puback', packetId: next.packetId ?? 0, reasonCode: 0 });
    await clock.settle();
    expect(third.state).toBe('resolved');
  });

  test('let nothing leave for a call that was given up before', async () => {
    const { client, broker } = await connected();
    const signal = AbortSignal.abort();
    const calls = [0, 1, 2].map((qos) => client.publish('a', 'x', { qos: qos as 0 | 1 | 2, signal }));
    const others = [
      client.enqueue('a', 'x', { signal }),
      client.ping({ signal }),
      client.request('a', 'x', { signal }),
    ];
    const codes = await Promise.all([...calls, ...others].map(codeOf));
    expect(codes).toEqual(codes.map(() => 'aborted'));
    const { subscriptions } = await broker.expect('subscribe');
    expect(subscriptions[0]?.filter).toMatch(/^omqtt\/reply\//);
    await broker.expectNothing();
  });
});
