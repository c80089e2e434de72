import { expect, test } from 'vitest';
import { SparseMap, SparseSet } from '../../src/session/sparse-tables.ts';

test('a sparse map does what a map does, empty or not', () => {
  const map = new SparseMap<string, number>();
  expect([map.size, map.get('a'), map.delete('a'), [...map.values()], [...map.entries()]]).toEqual([
    0,
    undefined,
    false,
    [],
    [],
  ]);
  map.clear();
  map.set('b', 2);
  map.set('a', 1);
  map.set('b', 3);
  expect([...map.entries()]).toEqual([
    ['b', 3],
    ['a', 1],
  ]);
  expect([...map.values()]).toEqual([3, 1]);
  expect([map.size, map.get('b'), map.delete('b'), map.size]).toEqual([2, 3, true, 1]);
  map.clear();
  expect([map.size, map.get('a')]).toEqual([0, undefined]);
});

test('a sparse set does what a set does, and its items may be deleted while they are walked', () => {
  const set = new SparseSet<number>();
  expect([set.size, set.has(1), set.delete(1), [...set.values()]]).toEqual([0, false, false, []]);
  for (const item of [3, 1, 3, 2]) set.add(item);
  const walked: number[] = [];
  for (const item of set.values()) {
    walked.push(item);
    set.delete(item);
  }
  expect(walked).toEqual([3, 1, 2]);
  expect(set.size).toBe(0);
  set.add(4);
  set.clear();
  expect(set.has(4)).toBe(false);
});
