import { memoryStore } from '@omqtt/store-memory';
import { faultyStore } from '@omqtt/testkit';
import { describe, expect, test } from 'vitest';
import { codeOf, connect, connected, newBench, watch } from './bench.ts';
import { message } from './subscribed.ts';

describe('a message for a store that takes its time', () => {
  test('is accepted and sent only when it is kept [parity O1, E15]', async () => {
    const store = faultyStore(memoryStore());
    const { client, broker, clock } = await connected({ store });
    store.hold();
    const accepted = watch(client.enqueue('a', 'x', { qos: 1 }));
    await clock.settle();
    expect([accepted.state, store.held]).toEqual(['pending', 1]);
    await broker.expectNothing();
    await store.release();
    await clock.settle();
    expect(accepted.state).toBe('resolved');
    const { packetId = 0 } = await broker.expect('publish');
    broker.send({ type: 'puback', packetId, reasonCode: 0 });
    await expect(accepted.value?.receipt).resolves.toMatchObject({ qos: 1 });
  });

  test('shares its commit with all that came while the one before ran', async () => {
    const store = faultyStore(memoryStore());
    const { client, clock } = await connected({ store });
    const before = store.commits;
    store.hold();
    for (let count = 0; count < 100; count += 1) {
      void codeOf(client.enqueue('a', 'x', { qos: 1 }));
      await Promise.resolve();
    }
    await store.release();
    await clock.settle();
    expect(store.commits - before).toBe(2);
  });

  test('does not hold up what needs no store', async () => {
    const store = faultyStore(memoryStore());
    const { client, broker, clock } = await connected({ store });
    const early = client.subscribe('a');
    const { packetId } = await broker.expect('subscribe');
    store.hold();
    void codeOf(client.publish('b', 'x', { qos: 1 }));
    await clock.settle();
    broker.send({ type: 'suback', packetId, reasonCodes: [0] });
    await store.release();
    await expect(early.ready).resolves.toEqual([{ filter: 'a', qos: 0 }]);
  });

  test('is accepted without a connection, and before the first one [parity O1, E21]', async () => {
    const store = memoryStore();
    const bench = newBench({ store });
    const { receipt } = await bench.client.enqueue('a', 'x', { qos: 1 });
    expect(bench.client.counts.waitingMessages).toBe(1);
    await connect(bench);
    const { packetId = 0 } = await bench.broker.expect('publish');
    bench.broker.send({ type: 'puback', packetId, reasonCode: 0 });
    expect((await receipt).reasonCode).toBe(0);
  });

  test('comes after those that the store had kept, and takes the place of none', async () => {
    const store = memoryStore();
    const first = newBench({ store });
    for (const payload of ['0', '1']) await first.client.enqueue('a', payload, { qos: 1 });
    await first.client.close();
    const second = newBench({ store });
    const early = watch(second.client.enqueue('a', '2', { qos: 1 }));
    await second.clock.settle();
    expect(early.state).toBe('resolved');
    await connect(second);
    for (const payload of ['0', '1', '2']) expect(await second.broker.expect('publish', { payload })).toBeDefined();
  });

  test('survives the client', async () => {
    const store = memoryStore();
    const first = await connected({ store });
    const { receipt } = await first.client.enqueue('a', 'x', { qos: 2 });
    await first.broker.expect('publish');
    await first.client.close();
    await expect(receipt).rejects.toMatchObject({ code: 'message-kept', cause: { code: 'client-closed' } });
    const second = newBench({ store });
    await connect(second, { connect: { cleanStart: false, clientId: 'assigned' }, sessionPresent: true });
    expect(await second.broker.expect('publish')).toMatchObject({ qos: 2, dup: true, payload: new Uint8Array([0x78]) });
  });

  test('is not accepted after its time', async () => {
    const store = faultyStore(memoryStore());
    const { client, clock, broker } = await connected({ store }, { properties: { receiveMaximum: 1 } });
    void codeOf(client.publish('a', 'first', { qos: 1 }));
    await broker.expect('publish');
    store.hold();
    const late = watch(client.enqueue('a', 'x', { qos: 1, timeoutMs: 100 }));
    const receiptOnly = watch(client.enqueue('a', 'y', { qos: 1 }));
    await clock.settle(100);
    expect(late.error?.code).toBe('timed-out');
    await store.release();
    await clock.settle();
    expect(receiptOnly.state).toBe('resolved');
    expect(client.counts.waitingMessages).toBe(1);
  });

  test('may be of QoS 0, which is not kept', async () => {
    const store = faultyStore(memoryStore());
    const { client, broker } = await connected({ store });
    const before = store.commits;
    const { receipt } = await client.enqueue('a', 'x');
    expect(await receipt).toMatchObject({ qos: 0 });
    await broker.expect('publish');
    expect(store.commits).toBe(before);
  });

  test('is refused when it was dropped in the same breath', async () => {
    const { client } = newBench({ offline: { maxMessages: 1, whenFull: 'drop-newest' } });
    await client.enqueue('a', 'x', { qos: 1 });
    expect(await codeOf(client.enqueue('a', 'y', { qos: 1 }))).toBe('message-dropped');
    expect(await codeOf(client.enqueue('a', 'y', { qos: 0 }))).toBe('message-dropped');
  });
});

describe('a store that fails', () => {
  test('to open is an error of connect, and of those who wait for it; the next connect tries again', async () => {
    const plan = { failOpen: true };
    const bench = newBench({ store: faultyStore(memoryStore(), plan) });
    const { client } = bench;
    const early = codeOf(client.publish('a', 'x', { qos: 1 }));
    await expect(client.connect()).rejects.toMatchObject({ code: 'store-failed', cause: { code: 'store-failed' } });
    expect(await early).toBe('store-failed');
    plan.failOpen = false;
    await connect(bench);
  });

  test('to keep a message is an error of the call, and nothing of it is sent', async () => {
    let fails = false;
    const store = faultyStore(memoryStore(), { failCommits: () => fails });
    const { client, broker, clock, statuses } = await connected({ store });
    fails = true;
    const [accepted, receipt] = [
      watch(client.enqueue('a', 'x', { qos: 1 })),
      watch(client.publish('a', 'y', { qos: 1 })),
    ];
    await clock.settle();
    expect([accepted.error?.code, receipt.error?.code]).toEqual(['store-failed', 'store-failed']);
    expect(accepted.error?.cause).toMatchObject({ code: 'store-failed' });
    await broker.expectClosed();
    expect(statuses.at(-1)).toMatchObject({ type: 'waiting', error: { code: 'store-failed' } });
  });

  test('is worked with again as soon as it works, and what it did not keep is not sent later', async () => {
    let fails = false;
    const store = faultyStore(memoryStore(), { failCommits: () => fails });
    const { client, broker, clock } = await connected({ store });
    fails = true;
    expect(await codeOf(client.enqueue('a', 'x', { qos: 1 }))).toBe('store-failed');
    fails = false;
    await clock.settle(500);
    await broker.acceptConnection();
    await broker.expectNothing();
    expect(client.counts).toMatchObject({ inFlight: 0, waitingMessages: 0, packetIds: 0 });
    expect(await codeOf(client.enqueue('a', 'y', { qos: 1 }))).toBe('resolved');
    await broker.expect('publish', { payload: 'y' });
  });

  test('learns later what has happened meanwhile', async () => {
    let fails = false;
    const store = memoryStore();
    const faulty = faultyStore(store, { failCommits: () => fails });
    const { client, broker, clock } = await connected({ store: faulty });
    const receipt = watch(client.publish('a', 'x', { qos: 1 }));
    const { packetId = 0 } = await broker.expect('publish');
    fails = true;
    broker.send({ type: 'puback', packetId, reasonCode: 0 });
    await clock.settle();
    // It has arrived, whatever the store says.
    expect(receipt.state).toBe('resolved');
    fails = false;
    await clock.settle(500);
    await broker.acceptConnection({ sessionPresent: true });
    await clock.settle();
    await client.close();
    const { outbound } = await store.open('');
    expect(outbound.messages).toBe(0);
  });

  test('does not swallow a message of the server', async () => {
    let fails = false;
    const store = faultyStore(memoryStore(), { failCommits: () => fails });
    const { client, broker, clock } = await connected({ store });
    const subscription = client.subscribe('b', { qos: 2, ack: 'manual' });
    await broker.expect('subscribe');
    const receipt = watch(client.publish('a', 'x', { qos: 1 }));
    const { packetId = 0 } = await broker.expect('publish');
    fails = true;
    broker.link.stall('to-client');
    broker.send(
      { type: 'puback', packetId, reasonCode: 0 },
      { type: 'publish', topic: 'b', payload: new Uint8Array(), qos: 2, retain: false, dup: false, packetId: 9 },
    );
    broker.link.release('to-client');
    await clock.settle();
    expect(receipt.state).toBe('resolved');
    fails = false;
    await clock.settle(500);
    await broker.acceptConnection({ sessionPresent: true });
    broker.send({
      type: 'publish',
      topic: 'b',
      payload: new Uint8Array(),
      qos: 2,
      retain: false,
      dup: true,
      packetId: 9,
    });
    const each = await subscription.next({ timeoutMs: 0 });
    each.ack();
    await broker.expect('subscribe');
    expect(await broker.expect('pubrec')).toMatchObject({ packetId: 9 });
  });

  test('[3.1.1 MQTT-4.8.0-2] ends the connection without an answer to the message that it did not keep', async () => {
    let fails = false;
    const store = faultyStore(memoryStore(), { failCommits: () => fails });
    const bench = await connected({ store, version: '3.1.1', clientId: 'me' });
    const { client, broker, statuses } = bench;
    client.subscribe('b', { qos: 2, ack: 'on-receipt' });
    await broker.expect('subscribe');
    fails = true;
    broker.send(message('b', 'x', { qos: 2, packetId: 9 }));
    await broker.expectClosed();
    expect(statuses.at(-1)).toMatchObject({ type: 'waiting', error: { code: 'store-failed' } });
    fails = false;
  });
});

describe('a store for several clients', () => {
  test('[5.0 MQTT-3.1.3-2] [3.1.1 MQTT-3.1.3-2] keeps what is under way for its own id only', async () => {
    for (const version of ['5.0', '3.1.1'] as const) {
      const store = memoryStore();
      const options = { store, version, session: version === '5.0' ? { expirySeconds: 60 } : {} };
      const one = await connected({ ...options, clientId: 'one' });
      void codeOf(one.client.publish('a', 'x', { qos: 1 }));
      await one.broker.expect('publish');
      await one.client.close();
      const two = await connected({ ...options, clientId: 'two' });
      await two.broker.expectNothing();
      expect(two.client.counts).toMatchObject({ inFlight: 0, waitingMessages: 0, packetIds: 0 });
      await two.client.close();
      const again = await connected({ ...options, clientId: 'one' }, { sessionPresent: true });
      await again.broker.expect('publish', { payload: 'x', dup: true });
    }
  });
});

describe('the replay of a resumed session', () => {
  test('of 100 messages at 20 ms one way ends within 150 ms, and connect does not wait for it [parity P4, P5]', async () => {
    const store = memoryStore();
    const before = await connected({ store });
    for (let count = 0; count < 100; count += 1) void codeOf(before.client.publish('a', `${count}`, { qos: 1 }));
    await before.clock.settle();
    await before.client.close();
    const { client, clock, transport } = newBench({ store, network: { latencyMs: 20 } });
    const startedAt = clock.now();
    const connecting = watch(client.connect());
    const server = transport.accept();
    await clock.settle(40);
    const connection = await server;
    const { PacketStream, encode } = await import('@omqtt/codec');
    const stream = new PacketStream({ version: '5.0', role: 'server' });
    const dups: boolean[] = [];
    connection.start({
      bytes: (chunk) => {
        for (const packet of stream.push(chunk)) {
          if (packet.type === 'connect') {
            connection.write(encode({ type: 'connack', sessionPresent: true, reasonCode: 0 }, '5.0'));
          }
          if (packet.type !== 'publish') continue;
          dups.push(packet.dup);
          connection.write(encode({ type: 'puback', packetId: packet.packetId ?? 0, reasonCode: 0 }, '5.0'));
        }
      },
      drained: () => undefined,
      closed: () => undefined,
    });
    await clock.settle(40);
    expect(connecting.state).toBe('resolved');
    while (client.counts.inFlight > 0 && clock.now() - startedAt < 1000) await clock.settle(1);
    expect(clock.now() - startedAt).toBeLessThanOrEqual(150);
    expect(dups).toEqual(Array.from({ length: 100 }, () => true));
  });
});
