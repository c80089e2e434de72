import { array, assert, boolean, integer, property, record } from 'fast-check';
import { expect, test } from 'vitest';
import { NumberTable } from '../../src/session/number-table.ts';

const numberOf = ({ number }: { readonly number: number }): number => number;

const byNumber = (one: number, other: number): number => one - other;

test('a number table does what a map does, whatever is added, looked for and deleted in which order', () => {
  const steps = array(record({ isAdded: boolean(), number: integer({ min: 1, max: 70 }) }), {
    maxLength: 300,
  });
  assert(
    property(steps, integer({ min: 0, max: 2 ** 40 }), (all, first) => {
      const table = new NumberTable(numberOf);
      const map = new Map<number, { readonly number: number }>();
      for (const step of all) {
        const number = first + step.number;
        if (!step.isAdded) {
          table.delete(number);
          map.delete(number);
        } else if (!map.has(number)) {
          table.add({ number });
          map.set(number, { number });
        }
        expect(table.get(number)).toEqual(map.get(number));
        expect(table.size).toBe(map.size);
      }
      const inOrder = table.values().map(({ number }) => number);
      expect(inOrder.toSorted(byNumber)).toEqual([...map.keys()].toSorted(byNumber));
    }),
  );
});

test('a number that stays does not make the table grow with those that come and go', () => {
  const table = new NumberTable(numberOf);
  table.add({ number: 1 });
  let found = 0;
  for (let number = 2; number <= 100_000; number += 1) {
    table.add({ number });
    if (table.get(number)?.number === number) found += 1;
    table.delete(number);
  }
  expect(found).toBe(99_999);
  expect(table.get(1)).toEqual({ number: 1 });
  expect(table.places).toBe(4);
});

test('places are given back: all of them when one was enough, half of them when an eighth was', () => {
  const table = new NumberTable(numberOf);
  const burst = (count: number): number => {
    for (let number = 1; number <= count; number += 1) table.add({ number });
    for (let number = 1; number <= count; number += 1) table.delete(number);
    return table.places;
  };
  expect(burst(1)).toBe(0);
  expect([burst(1000), burst(1000)]).toEqual([2048, 2048]);
  expect([burst(500), burst(532), burst(257)]).toEqual([2048, 2048, 2048]);
  expect([burst(256), burst(500), burst(512)]).toEqual([1024, 1024, 1024]);
  for (let turn = 0; turn < 10; turn += 1) burst(1);
  expect(table.places).toBe(0);
});
