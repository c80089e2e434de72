import { expect, test } from 'vitest';
import { median, spreadOfRatios } from '../src/statistics.ts';

test('the median of an odd number of values is the middle one, whatever their order', () => {
  expect(median([10, 9, 100])).toBe(10);
});

test('the median of an even number of values lies between the two in the middle', () => {
  expect(median([1, 100, 4, 2])).toBe(3);
});

test('no values have no median', () => {
  expect(() => median([])).toThrow(RangeError);
});

test('the ratio compares the medians, and its ends come from single rounds', () => {
  const ours = [10, 20, 10];
  const peer = [100, 110, 90];
  expect(spreadOfRatios(ours, peer)).toEqual({ median: 10, least: 5.5, most: 10 });
});
