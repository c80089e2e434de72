import type { SessionStore } from '@omqtt/contracts';
import { memoryStore } from '@omqtt/store-memory';
import { faultyStore, storeError } from '@omqtt/testkit';
import { describe, expect, test } from 'vitest';
import { codeOf, connected, watch } from './bench.ts';

/** Takes everything else. */
function fullStore(plan: { isFull: boolean }): SessionStore {
  const store = memoryStore();
  return {
    isDurable: store.isDurable,
    open: (clientId) => store.open(clientId),
    close: () => store.close(),
    commit(changes) {
      if (plan.isFull && changes.some(({ type }) => type === 'put')) throw storeError('store-full');
      return store.commit(changes);
    },
  };
}

describe('a store without room for new messages', () => {
  test('fails the new message and nothing else: the connection stays, and takes messages when there is room', async () => {
    const plan = { isFull: false };
    const { client, broker, clock, statuses } = await connected({ store: fullStore(plan) });
    const before = watch(client.publish('a', 'before', { qos: 1 }));
    const { packetId = 0 } = await broker.expect('publish', { payload: 'before' });
    plan.isFull = true;
    const refused = [watch(client.publish('a', 'x', { qos: 1 })), watch(client.enqueue('a', 'y', { qos: 2 }))];
    const unkept = watch(client.publish('a', 'not kept', { qos: 0 }));
    await broker.expect('publish', { payload: 'not kept' });
    await clock.settle();
    const noRoom = { code: 'store-failed', retryable: true, cause: { code: 'store-full' } };
    expect(refused.map(({ error }) => error)).toMatchObject([noRoom, noRoom]);
    expect(unkept.state).toBe('resolved');
    broker.send({ type: 'puback', packetId, reasonCode: 0 });
    await clock.settle();
    expect(before.state).toBe('resolved');
    expect(client.counts).toMatchObject({ inFlight: 0, waitingMessages: 0, packetIds: 0 });
    plan.isFull = false;
    expect(await codeOf(client.enqueue('a', 'after', { qos: 1 }))).toBe('resolved');
    await broker.expect('publish', { payload: 'after' });
    expect(statuses.at(-1)).toMatchObject({ type: 'connected' });
  });

  test('does not accept what was asked for while it looked for room', async () => {
    const plan = { isFull: true };
    const store = faultyStore(fullStore(plan));
    const { client, broker, clock } = await connected({ store });
    store.hold();
    const first = watch(client.enqueue('a', 'first', { qos: 1 }));
    await clock.settle();
    const second = watch(client.enqueue('a', 'second', { qos: 1 }));
    await clock.settle();
    await store.release();
    await clock.settle();
    expect([first.error?.code, second.error?.code]).toEqual(['store-failed', 'store-failed']);
    await broker.expectNothing();
  });
});
