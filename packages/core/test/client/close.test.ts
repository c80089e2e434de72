import type { Connection, Dial } from '@omqtt/contracts';
import { memoryStore } from '@omqtt/store-memory';
import { faultyStore } from '@omqtt/testkit';
import { describe, expect, test } from 'vitest';
import { Client } from '../../src/index.ts';
import { type Bench, codeOf, connect, connected, newBench, watch } from './bench.ts';
import { callEverything, pendingOf, silentMechanism } from './every-call.ts';

async function closes({ client, clock }: Bench, withinMs = 0, drainMs = 0): Promise<void> {
  const closed = watch(client.close({ drainMs }));
  await clock.settle(withinMs);
  expect(closed.state).toBe('resolved');
}

describe('close', () => {
  test('settles every call of a client that was never connected [parity O5, Z2, P1, P2]', async () => {
    const bench = newBench();
    const calls = callEverything(bench.client);
    await closes(bench);
    expect(pendingOf(calls)).toEqual([]);
    expect(calls['publish1']?.error?.code).toBe('client-closed');
    expect(calls['loop']).toMatchObject({ state: 'resolved', value: { done: true } });
    expect(calls['next']?.error?.code).toBe('client-closed');
  });

  test('settles every call of a connected client, and says goodbye [parity O5, P1, P2]', async () => {
    const bench = await connected();
    const calls = callEverything(bench.client);
    await bench.clock.settle();
    await closes(bench);
    expect(pendingOf(calls)).toEqual([]);
    expect(bench.broker.received.at(-1)?.packet).toMatchObject({ type: 'disconnect', reasonCode: 0 });
  });

  test('settles every call after the connection was lost, in the delay before the next attempt [parity Z2, P1, P2]', async () => {
    const bench = await connected();
    const calls = callEverything(bench.client);
    bench.broker.cut();
    await bench.clock.settle(100);
    expect(bench.statuses.at(-1)?.type).toBe('waiting');
    await closes(bench);
    expect(pendingOf(calls)).toEqual([]);
    expect(bench.clock.pending).toBe(0);
  });

  test('ends an attempt that hears nothing from the network [parity E12, P2]', async () => {
    const bench = newBench();
    bench.transport.ignoreDials();
    const connecting = watch(bench.client.connect());
    const calls = callEverything(bench.client);
    await bench.clock.settle(100);
    await closes(bench);
    expect(connecting.error?.code).toBe('client-closed');
    expect(pendingOf(calls)).toEqual([]);
  });

  test('ends an attempt whose transport does not look at its signal, and the connection that comes after all [parity E12, P2]', async () => {
    const answers: ((connection: Connection) => void)[] = [];
    const dial: Dial = () => new Promise((resolve) => answers.push(resolve));
    const { clock, transport } = newBench();
    const client = new Client({ url: 'mqtt://a', dial }, { clock });
    const connecting = watch(client.connect());
    await clock.settle();
    await client.close();
    expect(connecting.error?.code).toBe('client-closed');
    const late = await transport.dial({ scheme: 'mqtt', host: 'a', port: 1, path: '' }, new AbortController().signal);
    const [link] = transport.links;
    link?.server.start({ bytes: () => undefined, drained: () => undefined, closed: () => undefined });
    answers[0]?.(late);
    await clock.settle();
    expect(link?.isOpen).toBe(false);
  });

  test('ends an attempt that waits for CONNACK [parity P2]', async () => {
    const bench = newBench();
    const connecting = watch(bench.client.connect());
    await bench.broker.expect('connect');
    await closes(bench);
    expect(connecting.error?.code).toBe('client-closed');
    await bench.broker.expectClosed();
  });

  test('ends an attempt whose credentials never come', async () => {
    const bench = newBench({ credentials: () => new Promise(() => undefined) });
    const connecting = watch(bench.client.connect());
    await bench.clock.settle();
    await closes(bench);
    expect(connecting.error?.code).toBe('client-closed');
  });

  test.each(['start', 'challenge'] as const)(
    'ends an attempt whose mechanism hangs in %s [parity P2]',
    async (step) => {
      const auth = { ...silentMechanism, [step]: () => new Promise(() => undefined) };
      const bench = newBench({ auth });
      const connecting = watch(bench.client.connect());
      await bench.clock.settle();
      if (step === 'challenge') {
        await bench.broker.expect('connect');
        bench.broker.send({ type: 'auth', reasonCode: 0x18, properties: { authenticationMethod: 'M' } });
        await bench.clock.settle();
      }
      await closes(bench);
      expect(connecting.error?.code).toBe('client-closed');
    },
  );

  test('settles publishers that wait for room [parity P1]', async () => {
    const bench = newBench({ offline: { maxMessages: 1 } });
    const calls = [1, 2, 3].map(() => watch(bench.client.publish('a', 'x', { qos: 1 })));
    const room = watch(bench.client.drained());
    await bench.clock.settle();
    await closes(bench);
    expect(calls.map(({ error }) => error?.code)).toEqual(['client-closed', 'client-closed', 'client-closed']);
    expect(room.error?.code).toBe('client-closed');
  });

  test('waits for what is on its way, and not longer than it was told [parity O5, P2]', async () => {
    const bench = await connected();
    const receipt = watch(bench.client.publish('a', 'x', { qos: 1 }));
    await bench.broker.expect('publish');
    const closed = watch(bench.client.close({ drainMs: 500 }));
    await bench.clock.settle(499);
    expect(closed.state).toBe('pending');
    await bench.clock.settle(1);
    expect(closed.state).toBe('resolved');
    expect(receipt.error?.code).toBe('client-closed');
  });

  test('ends as soon as nothing is on its way any more', async () => {
    const bench = await connected();
    const receipt = watch(bench.client.publish('a', 'x', { qos: 1 }));
    const { packetId = 0 } = await bench.broker.expect('publish');
    const closed = watch(bench.client.close({ drainMs: 500 }));
    bench.broker.send({ type: 'puback', packetId, reasonCode: 0 });
    await bench.clock.settle();
    expect([receipt.state, closed.state]).toEqual(['resolved', 'resolved']);
  });

  test('does not wait for the drain without a connection [parity P2]', async () => {
    const bench = newBench();
    const receipt = watch(bench.client.publish('a', 'x', { qos: 1 }));
    await closes(bench, 0, 60_000);
    expect(receipt.error?.code).toBe('client-closed');
  });

  test('is not held up for more than a second by a peer that does not read [parity P2]', async () => {
    const bench = await connected();
    bench.broker.link.stall();
    const closed = watch(bench.client.close());
    await bench.clock.settle(999);
    expect(closed.state).toBe('pending');
    await bench.clock.settle(1);
    expect(closed.state).toBe('resolved');
  });

  test('is not held up by a store that hangs [parity Z2, P2]', async () => {
    const store = faultyStore(memoryStore());
    const bench = await connected({ store });
    store.hold();
    const receipt = watch(bench.client.publish('a', 'x', { qos: 1 }));
    await bench.clock.settle();
    const closed = watch(bench.client.close());
    await bench.clock.settle(1000);
    expect(receipt.error?.code).toBe('client-closed');
    await bench.clock.settle(2000);
    expect(closed.state).toBe('resolved');
  });

  test('may be called again, and is what leaving the block of the client does [parity O2, O5]', async () => {
    const { client, broker } = await connected();
    const [first, second] = [client.close(), client.close()];
    expect(first).toBe(second);
    await client[Symbol.asyncDispose]();
    await broker.expect('disconnect');
    await broker.expectClosed();
  });

  test('leaves no timer behind', async () => {
    const { client, clock } = await connected();
    client.publish('a', 'x', { qos: 1, timeoutMs: 60_000, properties: { messageExpirySeconds: 60 } }).catch(() => 0);
    await client.close();
    await clock.settle();
    expect(clock.pending).toBe(0);
  });

  test('ends the status, and later calls are told', async () => {
    const { client } = await connected();
    const status = client.status();
    await client.close();
    const seen = [];
    for await (const { type } of status) seen.push(type);
    expect(seen).toEqual(['connected', 'disconnected', 'closed']);
    const late = [client.publish('a', ''), client.enqueue('a', ''), client.ping(), client.connect(), client.drained()];
    expect(await Promise.all([...late, client.request('a', '')].map(codeOf))).toEqual(
      late.concat(late[0] as never).map(() => 'client-closed'),
    );
    expect(() => client.subscribe('a')).toThrow('closed');
    expect(client.writable).toBe(false);
  });

  test('comes with the signal of the client, also when it was aborted before [parity Z2]', async () => {
    const controller = new AbortController();
    const { client, broker } = await connected({ signal: controller.signal });
    controller.abort();
    await broker.expect('disconnect');
    expect(await codeOf(client.ping())).toBe('client-closed');
    const late = newBench({ signal: AbortSignal.abort() });
    expect(await codeOf(late.client.connect())).toBe('client-closed');
  });

  test('leaves a store alone that another client has open', async () => {
    const store = memoryStore();
    const { client } = await connected({ store });
    const second = newBench({ store });
    expect(await codeOf(second.client.connect())).toBe('store-failed');
    await second.client.close();
    expect(await codeOf(newBench({ store }).client.connect())).toBe('store-failed');
    await client.close();
    await connect(newBench({ store }));
  });
});

describe('the filters of a client that is closed', () => {
  test.each([
    ['stay in the store with a session that goes on', {}, ['a/#']],
    ['leave the store with a session that ends', { sessionExpirySeconds: 0 }, []],
  ] as const)('%s', async (_, how, expected) => {
    const store = memoryStore();
    const { client, broker } = await connected({ store, clientId: 'me', session: { expirySeconds: 60 } });
    const subscription = client.subscribe('a/#', { qos: 1 });
    const { packetId } = await broker.expect('subscribe');
    broker.send({ type: 'suback', packetId, reasonCodes: [1] });
    await subscription.ready;
    await client.disconnect(how);
    await client.close();
    const { subscriptions } = await store.open('me');
    expect(subscriptions.map(({ filter, isPending }) => [filter, isPending])).toEqual(
      expected.map((filter) => [filter, undefined]),
    );
  });
});
