import type { StoredMessage } from '@omqtt/contracts';
import { storeExam, type StoreUnderExam } from '@omqtt/testkit';
import { describe, expect, test } from 'vitest';
import { memoryStore } from '../src/index.ts';

describe('the memory store passes:', () => {
  test.each(storeExam(makeStore, { isDurable: false }))('$title', async ({ run }) => {
    await expect(run()).resolves.toBeUndefined();
  });
});

async function makeStore(): Promise<StoreUnderExam> {
  const store = memoryStore();
  return { store, reopen: async () => store, dispose: async () => undefined };
}

function message(sequence: number): StoredMessage {
  return { sequence, stage: 'waiting', topic: 'a', payload: Uint8Array.of(1), qos: 1, retain: false };
}

test('a commit has ended when the call returns', async () => {
  const store = memoryStore();
  const session = await store.open('a');
  expect(store.commit([{ type: 'put', message: message(1) }])).toBeUndefined();
  expect(session.read(0, 10)).toEqual([message(1)]);
});

test('two stores know nothing of each other', async () => {
  const [first, second] = [memoryStore(), memoryStore()];
  await first.open('a');
  await first.commit([{ type: 'put', message: message(1) }]);
  expect((await second.open('a')).outbound.messages).toBe(0);
});

test('the next owner finds what the last one left', async () => {
  const store = memoryStore();
  await store.open('a');
  await store.commit([{ type: 'put', message: message(1) }]);
  await store.close();
  expect(await store.open('a')).toMatchObject({ outbound: { messages: 1, bytes: 1 }, nextSequence: 2 });
});

test('a refusal says what to do', async () => {
  const store = memoryStore();
  await store.open('a');
  await expect(store.open('b')).rejects.toMatchObject({ code: 'store-locked', retryable: true });
  await store.close();
  expect(() => store.commit([])).toThrow(expect.objectContaining({ code: 'store-closed', retryable: false }));
});
