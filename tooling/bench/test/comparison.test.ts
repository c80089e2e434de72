import { describe, expect, test } from 'vitest';
import { comparePeers, type Comparison } from '../src/comparison.ts';
import type { Contestant } from '../src/contest.ts';
import { textReport } from '../src/report.ts';

const expected = { packets: 1, bytes: 1 };
const named = (name: string): Contestant => ({ name, run: () => expected });
const contest = {
  name: 'decode',
  peers: [
    { ...named('fast'), budget: 4 },
    { ...named('slow'), budget: 20 },
  ],
};

describe('a comparison', () => {
  const comparisons = comparePeers(
    contest,
    [
      [100, 100, 130],
      [450, 400, 400],
      [1900, 2000, 1000],
    ],
    [200, 1000, null],
  );

  test('is made with each peer', () => {
    expect(comparisons.map(({ peer, peerNanoseconds }) => [peer, peerNanoseconds])).toEqual([
      ['fast', 400],
      ['slow', 1900],
    ]);
    expect(comparisons.map(({ ourBytes, peerBytes }) => [ourBytes, peerBytes])).toEqual([
      [200, 1000],
      [200, null],
    ]);
  });

  test('meets its budget when the ratio reaches it exactly', () => {
    expect(comparisons[0]).toMatchObject({ ratio: { median: 4 }, budget: { ratio: 4, isMet: true } });
  });

  test('misses its budget when the ratio stays below it', () => {
    expect(comparisons[1]).toMatchObject({ ratio: { median: 19 }, budget: { ratio: 20, isMet: false } });
  });

  test('is printed with its numbers and whether it meets the budget', () => {
    const lines = textReport(comparisons).split('\n');
    expect(lines.find((line) => line.includes('fast'))?.split(/ {2,}/)).toEqual(
      ['decode', 'fast', '100', '400', '4.00', '3.08–4.50', '≥ 4 met', '200', '1000'], //
    );
    expect(lines.find((line) => line.includes('slow'))?.split(/ {2,}/)).toEqual(
      ['decode', 'slow', '100', '1900', '19.0', '7.69–20.0', '≥ 20 missed', '200', '–'], //
    );
    expect(lines.at(-1)).toBe('Budgets: 1 of 2 met; missed: decode (19.0 instead of 20).');
  });

  test('without a budget is printed without a judgement', () => {
    const { budget, ...rest } = comparisons[0] as Comparison;
    expect(budget).toBeDefined();
    expect(textReport([rest])).toContain('Budgets: 0 of 0 met.');
  });
});
