import { availableParallelism } from 'node:os';
import { expect, test } from 'vitest';
import { inLanes } from '../src/lanes.ts';

test('everything is worked on once, in its order, and never more at a time than there are cores', async () => {
  const started: number[] = [];
  let atWork = 0;
  let most = 0;
  await inLanes([1, 2, 3, 4, 5, 6, 7], async (number) => {
    started.push(number);
    atWork += 1;
    most = Math.max(most, atWork);
    await Promise.resolve();
    atWork -= 1;
  });
  expect(started).toEqual([1, 2, 3, 4, 5, 6, 7]);
  expect(most).toBe(Math.min(7, availableParallelism()));
});

test('what goes wrong is not swallowed', async () => {
  await expect(inLanes([1, 2, 3], failAtTwo)).rejects.toThrow('the second');
});

async function failAtTwo(number: number): Promise<void> {
  if (number === 2) throw new Error('the second');
}
