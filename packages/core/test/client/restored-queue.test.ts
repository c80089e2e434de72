import type { SessionStore, StoredMessage } from '@omqtt/contracts';
import { memoryStore } from '@omqtt/store-memory';
import { storeError } from '@omqtt/testkit';
import { describe, expect, test } from 'vitest';
import { type Bench, codeOf, newBench } from './bench.ts';
import { fastBroker, type FastBroker, isPublish } from './fast-broker.ts';

const KEPT = 3500;

interface WatchedStore extends SessionStore {
  /** Behind which sequence was read, since last asked. */
  reads(): readonly number[];
  failReads(count: number): void;
}

/** With so many messages that a process before has left. */
async function keptStore(): Promise<WatchedStore> {
  const store = memoryStore();
  await store.open('me');
  for (let sequence = 1; sequence <= KEPT; sequence += 1) {
    // The first two were on their way.
    const flight = sequence <= 2 ? ({ stage: 'sent', packetId: sequence } as const) : ({ stage: 'waiting' } as const);
    const message: StoredMessage = { ...flight, ...plain, sequence, topic: `${sequence}` };
    await store.commit([{ type: 'put', message }]);
  }
  await store.close();
  const reads: number[] = [];
  let failures = 0;
  return {
    isDurable: false,
    open: async (clientId) => {
      const stored = await store.open(clientId);
      const read = (after: number, limit: number) => {
        if (failures > 0) {
          failures -= 1;
          throw storeError('store-failed');
        }
        reads.push(after);
        return stored.read(after, limit);
      };
      return { ...stored, read };
    },
    commit: (changes) => store.commit(changes),
    close: () => store.close(),
    reads: () => reads.splice(0),
    failReads: (count) => {
      failures = count;
    },
  };
}

const plain = { payload: new Uint8Array(10), qos: 1, retain: false } as const;
const one = { clientId: 'me', cleanStart: false } as const;

/** Answers all that come, turn by turn, until nothing comes any more. Returns the topics in the order of their first coming. */
async function takeAll({ clock }: Bench, broker: FastBroker): Promise<readonly string[]> {
  const topics: string[] = [];
  for (;;) {
    await clock.settle();
    const messages = broker.take().filter(isPublish);
    if (messages.length === 0) return topics;
    topics.push(...messages.map(({ topic }) => topic));
    broker.send(messages.map(({ packetId = 0 }) => ({ type: 'puback', packetId, reasonCode: 0 })));
  }
}

function upTo(last: number): readonly string[] {
  return Array.from({ length: last }, (_, index) => `${index + 1}`);
}

describe('a long queue from before', () => {
  test('is read by the window, and sent in order, before what comes meanwhile', async () => {
    const store = await keptStore();
    const bench = newBench({ ...one, store, sendMaximum: 50 });
    const { client, clock, transport } = bench;
    await client.enqueue('new', 'x', { qos: 1 });
    expect(store.reads()).toEqual([0]);
    expect(client.counts).toMatchObject({ waitingMessages: KEPT - 2 + 1, inFlight: 2 });
    void codeOf(client.connect());
    const broker = await fastBroker(transport);
    await clock.settle();
    void codeOf(client.publish('newer', 'x', { qos: 1 }));
    expect(await takeAll(bench, broker)).toEqual([...upTo(KEPT), 'new', 'newer']);
    // The last window goes on to what came later, so that it is known to be the last.
    expect(store.reads()).toEqual([1000, 2000, 3000]);
    expect(client.counts).toMatchObject({ waitingMessages: 0, waitingBytes: 0, inFlight: 0 });
  });

  test('is read no faster than it is sent', async () => {
    const store = await keptStore();
    const bench = newBench({ ...one, store, sendMaximum: 50 });
    void codeOf(bench.client.connect());
    const broker = await fastBroker(bench.transport);
    await bench.clock.settle();
    expect(broker.take().filter(isPublish)).toHaveLength(50);
    await bench.clock.settle(10_000);
    // One window to send, and one in hand.
    expect(store.reads()).toEqual([0, 1000]);
  });

  test.each(['drop-oldest', 'latest-per-topic'] as const)(
    'is read as a whole by %s, which chooses among all',
    async (whenFull) => {
      const store = await keptStore();
      const { client } = newBench({ ...one, store, offline: { maxMessages: KEPT - 2, whenFull } });
      const topic = whenFull === 'drop-oldest' ? 'new' : `${KEPT}`;
      await client.enqueue(topic, new Uint8Array(10), { qos: 1 });
      expect(store.reads()).toEqual([0, 1000, 2000, 3000, 3500]);
      expect(client.counts.waitingMessages).toBe(KEPT - 2);
    },
  );

  test('counts as a whole against the limits', async () => {
    const { client } = newBench({
      ...one,
      store: await keptStore(),
      offline: { maxMessages: KEPT - 2, whenFull: 'reject' },
    });
    expect(await codeOf(client.enqueue('new', 'x', { qos: 1 }))).toBe('queue-full');
  });

  test('that cannot be read ends the connection, and goes on with the next', async () => {
    const store = await keptStore();
    const bench = newBench({ ...one, store, sendMaximum: 50, reconnect: { initial: true } });
    await bench.client.enqueue('new', 'x', { qos: 1 });
    store.failReads(1);
    void codeOf(bench.client.connect());
    await fastBroker(bench.transport);
    await bench.clock.settle();
    expect(bench.statuses.at(-1)).toMatchObject({ error: { code: 'store-failed' } });
    await bench.clock.settle(500);
    const topics = await takeAll(bench, await fastBroker(bench.transport));
    expect(topics).toEqual([...upTo(KEPT), 'new']);
  });
});
