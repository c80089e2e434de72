import { rmSync, writeFileSync } from 'node:fs';
import type { SessionStore, StoreChange } from '@omqtt/contracts';
import { expect, test } from 'vitest';
import { sqliteStore } from '../src/index.ts';
import { message, readAll } from './messages.ts';
import { newFolder } from './new-folder.ts';
import { smallDisk } from './small-disk.ts';

const KILOBYTE = new Uint8Array(1000).fill(1);

function put(sequence: number): StoreChange {
  return { type: 'put', message: message(sequence, { payload: KILOBYTE }) };
}

/** Puts message after message until the store refuses one; returns how many it took. */
async function fill(store: SessionStore): Promise<number> {
  for (let taken = 0; ; taken += 1) {
    const [outcome] = await Promise.allSettled([store.commit([put(taken + 1)])]);
    if (outcome.status === 'fulfilled') continue;
    expect(outcome.reason).toMatchObject({ code: 'store-full', retryable: true });
    return taken;
  }
}

async function expectMessages(path: string, first: number, last: number): Promise<void> {
  const store = sqliteStore(path);
  const kept = await readAll(await store.open('a'));
  expect(kept.map(({ sequence }) => sequence)).toEqual(
    Array.from({ length: last - first + 1 }, (_, index) => first + index),
  );
  await store.close();
}

test('a file at its limit refuses a message, keeps the earlier ones, and goes on when one is gone', async () => {
  const path = `${newFolder()}/state.db`;
  const store = sqliteStore(path, { maxFileBytes: 256 * 1024 });
  await store.open('a');
  const taken = await fill(store);
  expect(taken).toBeGreaterThan(100);
  await store.commit(Array.from({ length: 10 }, (_, index) => ({ type: 'remove', sequence: index + 1 })));
  await store.commit([put(taken + 1)]);
  await store.close();
  await expectMessages(path, 11, taken + 1);
});

test('a commit that finds no room does not pull down the others that were made with it', async () => {
  const path = `${newFolder()}/state.db`;
  const store = sqliteStore(path, { maxFileBytes: 256 * 1024 });
  await store.open('a');
  const huge: StoreChange = { type: 'put', message: message(3, { payload: new Uint8Array(500_000) }) };
  const outcomes = await Promise.allSettled(
    [[put(1)], [put(2)], [huge], [put(4)]].map(async (each) => store.commit(each)),
  );
  expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled']);
  await store.close();
  const again = sqliteStore(path);
  expect((await readAll(await again.open('a'))).map(({ sequence }) => sequence)).toEqual([1, 2, 4]);
  await again.close();
});

const disk = smallDisk('small-disk');

test.skipIf(disk === undefined)('a disk that is full refuses a message, and takes it when there is room', async () => {
  if (disk === undefined) return;
  const ballast = `${disk}/ballast`;
  writeFileSync(ballast, new Uint8Array(400_000));
  const path = `${disk}/state.db`;
  const store = sqliteStore(path);
  await store.open('a');
  const taken = await fill(store);
  expect(taken).toBeGreaterThan(10);
  rmSync(ballast);
  await store.commit([put(taken + 1)]);
  await store.close();
  await expectMessages(path, 1, taken + 1);
});
