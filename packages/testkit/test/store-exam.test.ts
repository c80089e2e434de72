import { describe, expect, test } from 'vitest';
import { storeExam } from '../src/index.ts';
import { brokenStores, makeBroken } from './broken-stores.ts';

const isDurable = false;

describe('a store without faults passes:', () => {
  test.each(storeExam(() => makeBroken({}), { isDurable }))('$title', async ({ run }) => {
    await expect(run()).resolves.toBeUndefined();
  });
});

describe('a store fails that', () => {
  test.each(brokenStores)('$fault', async ({ faults, foundBy }) => {
    const found = storeExam(() => makeBroken(faults), { isDurable }).filter(({ title }) => title.startsWith(foundBy));
    expect(found).toHaveLength(1);
    await expect(found[0]?.run()).rejects.toBeInstanceOf(Error);
  });
});
