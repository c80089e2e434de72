import { memoryStore } from '@omqtt/store-memory';
import { describe, expect, test } from 'vitest';
import { codeOf, connect, connected, newBench, watch } from './bench.ts';
import { fastBroker, isPublish } from './fast-broker.ts';

const payloadsOf = (packets: readonly { readonly packet: object }[]): string[] =>
  packets.flatMap(({ packet }) =>
    'payload' in packet ? [new TextDecoder().decode(packet.payload as Uint8Array)] : [],
  );

describe('without a connection', () => {
  test('QoS 0 is dropped, and the publisher is told [parity E22]', async () => {
    const { client } = newBench();
    await expect(client.publish('a', 'x')).rejects.toMatchObject({ code: 'message-dropped', why: 'offline' });
    expect(client.counts.droppedOutbound).toBe(1);
  });

  test('QoS 0 waits where it is to [parity E22]', async () => {
    const bench = newBench({ offline: { qos0: 'queue' } });
    const receipt = watch(bench.client.publish('a', 'x'));
    await bench.clock.settle();
    expect(receipt.state).toBe('pending');
    await connect(bench);
    await bench.broker.expect('publish', { qos: 0 });
    await bench.clock.settle();
    expect(receipt.state).toBe('resolved');
  });
});

describe('a full queue', () => {
  test('lets the publishers wait, and takes them in their order', async () => {
    const bench = newBench({ offline: { maxMessages: 2 } });
    const { client, broker, clock } = bench;
    const receipts = ['0', '1', '2', '3'].map((payload) => watch(client.publish('a', payload, { qos: 1 })));
    const room = watch(client.drained());
    await clock.settle();
    expect(client.counts).toMatchObject({ waitingMessages: 2, publishers: 2 });
    expect(client.writable).toBe(false);
    await connect(bench, { properties: { receiveMaximum: 1 } });
    for (const payload of ['0', '1', '2', '3']) {
      expect(room.state).toBe(payload < '2' ? 'pending' : room.state);
      const { packetId = 0 } = await broker.expect('publish', { payload });
      if (payload === '1') receipts.push(watch(client.publish('a', '4', { qos: 1 })));
      broker.send({ type: 'puback', packetId, reasonCode: 0 });
      await clock.settle();
    }
    const { packetId = 0 } = await broker.expect('publish', { payload: '4' });
    broker.send({ type: 'puback', packetId, reasonCode: 0 });
    await clock.settle();
    expect(receipts.map(({ state }) => state)).toEqual(receipts.map(() => 'resolved'));
    expect(room.state).toBe('resolved');
  });

  test('refuses at once what was published before the store was open, when that holds as much as it may', async () => {
    const store = memoryStore();
    await store.open('exam');
    await store.commit([
      {
        type: 'put',
        message: { sequence: 1, stage: 'waiting', topic: 'a', payload: new Uint8Array(1), qos: 1, retain: false },
      },
    ]);
    await store.close();
    const { client } = newBench({
      clientId: 'exam',
      session: { expirySeconds: 60, store },
      offline: { maxMessages: 1, whenFull: 'reject' },
    });
    expect(await codeOf(client.enqueue('b', '', { qos: 1 }))).toBe('queue-full');
  });

  test('counts bytes too, and takes one message that is larger than all room', async () => {
    const { client } = newBench({ offline: { maxBytes: 10, whenFull: 'reject' } });
    const large = watch(client.publish('topic', 'x'.repeat(100), { qos: 1 }));
    expect(await codeOf(client.publish('t', '', { qos: 1 }))).toBe('queue-full');
    expect(large.state).toBe('pending');
  });

  test.each([
    { whenFull: 'reject', kept: ['0', '1'], codes: ['queue-full', undefined], dropped: 0 },
    { whenFull: 'drop-newest', kept: ['0', '1'], codes: ['message-dropped', undefined], dropped: 2 },
    { whenFull: 'drop-oldest', kept: ['2', '3'], codes: [undefined, 'message-dropped'], dropped: 2 },
  ] as const)('with $whenFull keeps $kept', async ({ whenFull, kept, codes: [newest, oldest], dropped }) => {
    const bench = newBench({ offline: { maxMessages: 2, whenFull } });
    const receipts = ['0', '1', '2', '3'].map((payload) => watch(bench.client.publish('a', payload, { qos: 1 })));
    await bench.clock.settle();
    expect(receipts.map(({ error }) => error?.code)).toEqual([oldest, oldest, newest, newest]);
    expect(bench.client.counts).toMatchObject({ waitingMessages: 2, droppedOutbound: dropped });
    await connect(bench);
    await bench.clock.settle();
    expect(payloadsOf(bench.broker.received)).toEqual(kept);
  });

  test('with latest-per-topic keeps the last of each topic, and takes no new topic', async () => {
    const bench = newBench({ offline: { maxMessages: 2, whenFull: 'latest-per-topic' } });
    const { client } = bench;
    const calls = [
      ['a', '0'],
      ['b', '1'],
      ['a', '2'],
      ['c', '3'],
      ['a', '4'],
    ] as const;
    const receipts = calls.map(([topic, payload]) => watch(client.publish(topic, payload, { qos: 1 })));
    await bench.clock.settle();
    expect(receipts.map(({ error }) => (error as { why?: string } | undefined)?.why)).toEqual([
      'replaced',
      undefined,
      'replaced',
      'queue-full',
      undefined,
    ]);
    await connect(bench);
    await bench.clock.settle();
    expect(payloadsOf(bench.broker.received)).toEqual(['1', '4']);
  });

  test('stays within its bytes for an hour of publishing [parity P15]', async () => {
    const { client, clock } = newBench({ offline: { maxBytes: 100_000, whenFull: 'drop-oldest' } });
    for (let minute = 0; minute < 60; minute += 1) {
      const publish = (): void => void codeOf(client.publish('sensors/1', 'x'.repeat(100), { qos: 1 }));
      for (let count = 0; count < 600; count += 1) publish();
      await clock.settle(60_000);
      expect(client.counts.waitingBytes).toBeLessThanOrEqual(100_000);
    }
    const { waitingBytes, waitingMessages, operations } = client.counts;
    expect(waitingBytes).toBeLessThanOrEqual(100_000);
    expect(waitingMessages).toBe(operations);
    expect(client.counts.droppedOutbound).toBe(36_000 - waitingMessages);
  });

  test('stays within its bytes in an hour of failed attempts, and nothing else grows [parity P15]', async () => {
    const limits = { maxBytes: 100_000, maxMessages: 500, whenFull: 'drop-oldest', qos0: 'queue' } as const;
    const { client, broker, clock, transport } = await connected({ offline: limits });
    const status = client.status();
    transport.refuseDials('unreachable', Infinity);
    broker.cut();
    let settled = 0;
    const publish = (qos: 0 | 1 | 2): void =>
      void codeOf(client.publish('a', 'x'.repeat(150), { qos })).then(() => (settled += 1));
    for (let minute = 0; minute < 60; minute += 1) {
      for (let count = 0; count < 600; count += 1) publish(([0, 1, 2] as const)[count % 3] ?? 0);
      await clock.settle(60_000);
      const { waitingBytes, waitingMessages, operations, publishers, packetIds } = client.counts;
      expect(waitingBytes).toBeLessThanOrEqual(100_000);
      expect(waitingMessages).toBeLessThanOrEqual(500);
      expect([operations, publishers, packetIds]).toEqual([waitingMessages, 0, 0]);
      expect(settled).toBe(600 * (minute + 1) - waitingMessages);
      // The delay before the next attempt.
      expect(clock.pending).toBe(1);
    }
    expect(transport.dials.length).toBeGreaterThan(100);
    await client.close();
    expect(settled).toBe(36_000);
    let seen = 0;
    for await (const { type } of status) seen += type === 'closed' ? 0 : 1;
    expect(seen).toBeLessThanOrEqual(101);
  });

  test('does not stand in the way of QoS 0 while there is a connection', async () => {
    const { client, broker } = await connected({ offline: { maxMessages: 1 } }, { properties: { receiveMaximum: 1 } });
    for (const payload of ['0', '1', '2']) client.publish('a', payload, { qos: 1 }).catch(() => undefined);
    await client.publish('a', 'now');
    await broker.expect('publish', { payload: '0' });
    expect(await broker.expect('publish')).toMatchObject({ qos: 0 });
  });
});

describe('66 000 messages without an acknowledgement', () => {
  test('wait for their turn, each with an id of its own, and none is lost [parity P9]', async () => {
    const { client, clock, transport } = newBench({ keepAliveSeconds: 0 });
    const connecting = client.connect();
    const broker = await fastBroker(transport);
    await connecting;
    let acknowledged = 0;
    for (let count = 0; count < 66_000; count += 1) {
      client.publish('a', '', { qos: 1 }).then(
        () => (acknowledged += 1),
        () => undefined,
      );
    }
    await clock.settle();
    const { inFlight, waitingMessages } = client.counts;
    expect(inFlight + waitingMessages).toBe(66_000);
    let total = 0;
    for (let sent = broker.take().filter(isPublish); sent.length > 0; sent = broker.take().filter(isPublish)) {
      const ids = sent.map(({ packetId = 0 }) => packetId);
      expect(new Set(ids).size).toBe(ids.length);
      total += ids.length;
      broker.send(ids.map((packetId) => ({ type: 'puback', packetId, reasonCode: 0 })));
      await clock.settle();
    }
    expect([total, acknowledged]).toEqual([66_000, 66_000]);
    expect(client.counts).toMatchObject({ inFlight: 0, packetIds: 0, sendSlots: 0, operations: 0 });
  });
});
