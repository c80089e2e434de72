import { memoryStore } from '@omqtt/store-memory';
import { describe, expect, test } from 'vitest';
import { codeOf, connect, connected, newBench, watch } from './bench.ts';
import { callEverything, pendingOf } from './every-call.ts';

describe('disconnect', () => {
  test('says what it is told, and the client may connect again with its subscriptions and its queue [parity O3, O4, E2]', async () => {
    const bench = await connected({ session: { expirySeconds: 60 } });
    const { client, broker } = bench;
    const subscription = client.subscribe('a');
    await broker.expect('subscribe');
    const receipt = watch(client.publish('a', 'x', { qos: 1 }));
    await broker.expect('publish');
    const disconnected = client.disconnect({ reasonCode: 4, properties: { reasonString: 'soon back' } });
    await broker.expect('disconnect', { reasonCode: 4, properties: { reasonString: 'soon back' } });
    await broker.expectClosed();
    await disconnected;
    expect(bench.statuses.at(-1)).toEqual({ type: 'disconnected', error: undefined });
    await connect(bench);
    const again = await broker.expect('subscribe');
    const { packetId } = await broker.expect('publish', { dup: false });
    broker.send({ type: 'suback', packetId: again.packetId, reasonCodes: [1] });
    broker.send({ type: 'puback', packetId: packetId ?? 0, reasonCode: 0 });
    await bench.clock.settle();
    expect(receipt.state).toBe('resolved');
    expect(subscription.isEnded).toBe(false);
  });

  test('can be followed by a connect at once [parity O3, E2]', async () => {
    const bench = await connected();
    const { client, broker } = bench;
    void client.disconnect();
    const connecting = client.connect();
    await broker.expect('disconnect');
    await broker.acceptConnection();
    await connecting;
    await bench.clock.settle();
    expect(client.isConnected).toBe(true);
    expect(bench.statuses.at(-1)?.type).toBe('connected');
  });

  test('in an attempt, or in the delay before it, ends only the attempts [parity O4]', async () => {
    const bench = newBench({ reconnect: { initial: true } });
    const { client, transport, clock, broker } = bench;
    const receipt = watch(client.publish('a', 'x', { qos: 1 }));
    const subscription = client.subscribe('a');
    transport.refuseDials();
    const first = watch(client.connect());
    await clock.settle(100);
    await client.disconnect();
    await clock.settle();
    expect(first.error?.code).toBe('aborted');
    const second = watch(client.connect());
    await broker.expect('connect');
    await client.disconnect();
    await clock.settle(60_000);
    expect(second.error?.code).toBe('aborted');
    expect([receipt.state, subscription.isEnded]).toEqual(['pending', false]);
    await connect(bench);
    await broker.expect('subscribe');
    await broker.expect('publish');
  });

  test('refuses what DISCONNECT cannot say, and stays connected', async () => {
    const { client } = await connected();
    expect(await codeOf(client.disconnect({ reasonCode: 5 }))).toBe('invalid-option');
    expect(await codeOf(client.disconnect({ sessionExpirySeconds: 60 }))).toBe('invalid-state');
    expect(client.isConnected).toBe(true);
  });

  test('leaves no timer behind that would keep the process alive', async () => {
    const { client, clock } = await connected({ keepAliveSeconds: 60 });
    await client.disconnect();
    expect(clock.pending).toBe(0);
  });

  test('does nothing without a connection [parity O4]', async () => {
    await expect(newBench().client.disconnect()).resolves.toBeUndefined();
  });
});

describe('a client that gives up', () => {
  const refusal = { type: 'connack', sessionPresent: false, reasonCode: 0x87 } as const;

  test('wakes everyone who waits, and later calls, with the same error [parity Z4, Z26, E11]', async () => {
    const { client, broker, clock, statuses } = newBench();
    const calls = callEverything(client);
    const connecting = watch(client.connect());
    await broker.expect('connect');
    broker.send(refusal);
    await clock.settle();
    const { error } = connecting;
    expect(error).toMatchObject({ code: 'connect-refused', reasonCode: 0x87 });
    expect(pendingOf(calls)).toEqual([]);
    for (const name of ['publish1', 'publish2', 'enqueue', 'ready', 'loop', 'next', 'unsubscribe']) {
      expect([name, calls[name]?.error]).toEqual([name, error]);
    }
    expect(statuses.at(-1)).toMatchObject({ type: 'disconnected', error, phase: 'handshake' });
    await expect(client.publish('a', 'x')).rejects.toBe(error);
    await expect(client.drained()).rejects.toBe(error);
    expect(() => client.subscribe('a')).toThrow(error);
  });

  test('tells the truth of its messages: withdrawn, or kept and sent with the next connection', async () => {
    for (const store of [undefined, memoryStore()]) {
      const bench = newBench(store && { store });
      const { client, broker, clock } = bench;
      const published = watch(client.publish('a', 'x', { qos: 1 }));
      const connecting = codeOf(client.connect());
      await broker.expect('connect');
      broker.send(refusal);
      expect(await connecting).toBe('connect-refused');
      await clock.settle();
      expect(published.error).toMatchObject(
        store === undefined
          ? { code: 'connect-refused' }
          : { code: 'message-kept', cause: { code: 'connect-refused' } },
      );
      await connect(bench);
      if (store === undefined) await broker.expectNothing();
      else await broker.expect('publish', { topic: 'a' });
    }
  });

  test('starts afresh with the next connect [parity B5]', async () => {
    const bench = newBench();
    const { client, broker } = bench;
    client.subscribe('a');
    const connecting = codeOf(client.connect());
    await broker.expect('connect');
    broker.send(refusal);
    expect(await connecting).toBe('connect-refused');
    await connect(bench);
    // The subscription of before has ended, so nobody would take its messages.
    await broker.expectNothing();
    const receipt = client.publish('a', 'x', { qos: 1 });
    const { packetId = 0 } = await broker.expect('publish');
    broker.send({ type: 'puback', packetId, reasonCode: 0 });
    expect((await receipt).reasonCode).toBe(0);
  });
});
