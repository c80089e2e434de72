import type { StoreChange } from '@omqtt/contracts';
import { expect, test } from 'vitest';
import { faultyStore, storeError, type FaultPlan, type FaultyStore } from '../src/index.ts';
import { modelStore } from './model-store.ts';

const received = (packetId: number): StoreChange[] => [{ type: 'received', packetId }];

function storeWith(plan: FaultPlan = {}): FaultyStore {
  return faultyStore(modelStore(), plan);
}

async function idsIn(store: FaultyStore): Promise<readonly number[]> {
  await store.close();
  return (await store.open('a')).inboundIds;
}

test('the commits of the plan fail, and nothing of them is kept', async () => {
  const store = storeWith({ failCommits: [2] });
  await store.open('a');
  await store.commit(received(1));
  await expect((async () => store.commit(received(2)))()).rejects.toMatchObject({ code: 'store-failed' });
  await store.commit(received(3));
  expect(store.commits).toBe(3);
  expect(await idsIn(store)).toEqual([1, 3]);
});

test('a function may choose which commits fail, and the plan with what', async () => {
  const store = storeWith({ failCommits: (number) => number > 1, error: storeError('store-full') });
  await store.open('a');
  await store.commit(received(1));
  await expect((async () => store.commit(received(2)))()).rejects.toMatchObject({
    code: 'store-full',
    retryable: true,
  });
});

test('open fails when the plan says so', async () => {
  await expect(storeWith({ failOpen: true }).open('a')).rejects.toMatchObject({ code: 'store-failed' });
});

test('commits wait for release, and are carried out in the order of the calls', async () => {
  const store = storeWith({ holdCommits: true, failCommits: [2] });
  const session = await store.open('a');
  expect(session.inboundIds).toEqual([]);
  const outcomes = [1, 2, 3].map(async (packetId) => store.commit(received(packetId)));
  const settled = Promise.allSettled(outcomes);
  expect(store.held).toBe(3);
  await store.release(1);
  expect(store.held).toBe(2);
  await store.release();
  expect((await settled).map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  expect(store.commit(received(4))).toBeUndefined();
  expect(await idsIn(store)).toEqual([1, 3, 4]);
});

test('commits can be held from some point on, and close carries out what is held', async () => {
  const store = storeWith();
  await store.open('a');
  await store.commit(received(1));
  store.hold();
  const held = store.commit(received(2));
  expect(held).toBeInstanceOf(Promise);
  expect(await idsIn(store)).toEqual([1, 2]);
  await held;
});

test('whether it is durable is what the store says', () => {
  expect(storeWith().isDurable).toBe(false);
});
