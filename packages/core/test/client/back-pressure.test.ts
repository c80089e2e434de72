import { describe, expect, test } from 'vitest';
import { connected, watch } from './bench.ts';

describe('a transport that takes no more', () => {
  test('lets publishers wait, whatever the QoS, and has not been given more than a bounded amount', async () => {
    const { client, broker, clock } = await connected({ keepAliveSeconds: 0 });
    broker.link.stall('to-server');
    const payload = new Uint8Array(10_000);
    const calls = [];
    for (let count = 0; count < 1000; count += 1) {
      calls.push(watch(client.publish('a', payload, { qos: (count % 3) as 0 | 1 | 2 })));
      await clock.settle();
    }
    expect(broker.link.inFlight('to-server')).toBeLessThan(1_000_000);
    expect(client.writable).toBe(false);
    expect(client.counts.publishers).toBeGreaterThan(900);
    const room = watch(client.drained());
    broker.link.release('to-server');
    await clock.settle();
    expect(broker.received.filter(({ packet }) => packet.type === 'publish').length).toBe(1000);
    expect(room.state).toBe('resolved');
    expect(calls.filter(({ state }) => state === 'resolved').length).toBe(334);
  });

  test('keeps the order of QoS 0', async () => {
    const { client, broker, clock } = await connected();
    broker.link.stall('to-server');
    for (let count = 0; count < 50; count += 1) {
      client.publish('a', `${count}`).catch(() => undefined);
      if (count < 25) await clock.settle();
    }
    broker.link.release('to-server');
    client.publish('a', '50').catch(() => undefined);
    for (let count = 0; count <= 50; count += 1) {
      expect(new TextDecoder().decode((await broker.expect('publish')).payload)).toBe(`${count}`);
    }
  });

  test('gets acknowledgements when it takes more again', async () => {
    const { client, broker, clock } = await connected();
    client.subscribe('a', () => undefined);
    await broker.expect('subscribe');
    broker.link.stall('to-server');
    await client.publish('b', 'x');
    await clock.settle();
    for (const packetId of [1, 2, 3]) {
      broker.send({
        type: 'publish',
        topic: 'a',
        payload: new Uint8Array(),
        qos: 1,
        retain: false,
        dup: false,
        packetId,
      });
    }
    await clock.settle();
    broker.link.release('to-server');
    await broker.expect('publish');
    for (const packetId of [1, 2, 3]) expect(await broker.expect('puback')).toMatchObject({ packetId });
  });

  test('and never again is lost, with all that waited for it', async () => {
    const { client, broker, clock, statuses } = await connected({ keepAliveSeconds: 10, pingTimeoutMs: 5000 });
    broker.link.stall();
    await client.publish('a', 'x');
    await clock.settle();
    const waiting = [watch(client.publish('a', 'y')), watch(client.publish('a', 'z', { qos: 1 }))];
    await clock.settle(20_000);
    expect(statuses.some((status) => status.type === 'waiting' && status.error.code === 'keep-alive-timeout')).toBe(
      true,
    );
    expect(waiting.map(({ state }) => state)).toEqual(['rejected', 'pending']);
  });
});

describe('large payloads', () => {
  test('leave between small ones in their order, whole, and by the burst when the transport is full', async () => {
    const { client, broker, clock } = await connected({ keepAliveSeconds: 0 });
    broker.link.stall('to-server');
    const sizes = [0, 16_383, 16_384, 100_000, 1, 300_000, 16_384, 2];
    const payloads = [...sizes, ...sizes].map((size, index) => new Uint8Array(size).fill(index + 1));
    for (const [index, payload] of payloads.entries()) {
      client.publish(`a/${index}`, payload, { qos: (index % 3) as 0 | 1 | 2 }).catch(() => undefined);
    }
    await clock.settle();
    // A burst of 256 KiB, and the packet that goes beyond it.
    expect(broker.link.inFlight('to-server')).toBeLessThan(256 * 1024 + 301_000);
    broker.link.release('to-server');
    await clock.settle();
    const arrived = broker.received.flatMap(({ packet }) => (packet.type === 'publish' ? [packet] : []));
    expect(arrived.map(({ topic }) => topic)).toEqual(payloads.map((_, index) => `a/${index}`));
    const isWhole = arrived.map(({ payload }, index) => Buffer.compare(payload, payloads[index] as Uint8Array) === 0);
    expect(isWhole).toEqual(payloads.map(() => true));
  });

  test('belong to the caller again when the promise of QoS 0 has settled', async () => {
    const { client, broker, clock } = await connected();
    const payload = new Uint8Array(70_000).fill(1);
    await client.publish('a', payload);
    payload.fill(2);
    await clock.settle();
    const { payload: arrived } = await broker.expect('publish');
    expect(new Set(arrived)).toEqual(new Set([1]));
  });
});

describe('a burst of messages', () => {
  test('leaves in one write', async () => {
    const { client, broker, clock, transport } = await connected();
    transport.slicing = 'as-written';
    const before = client.counts.bytesSent;
    const chunks: number[] = [];
    const [link] = transport.links;
    const write = link?.client.write.bind(link.client);
    if (link !== undefined && write !== undefined) {
      link.client.write = (bytes) => {
        chunks.push(bytes.length);
        return write(bytes);
      };
    }
    for (let count = 0; count < 100; count += 1) void client.publish('a', 'x');
    await clock.settle();
    expect(chunks).toEqual([client.counts.bytesSent - before]);
    expect(broker.received.length).toBe(101);
  });
});
