import { expect, test } from 'vitest';
import { overloadReport, sharesOf } from '../src/bridge/overload-report.ts';
import type { Overload } from '../src/bridge/overload.ts';

/** Requests a second, with few and with many connections and when far too many are wanted. */
function round(few: number, many: number, goodput: number): Overload {
  return { tries: [rates(few, 40), rates(many, 50)], overloaded: rates(goodput, 50), refused: 1 };
}

function rates(byClock: number, costMicroseconds: number): Overload['overloaded'] {
  return { byClock, byCpu: 1 / costMicroseconds };
}

test('the peak is with the connections that bring most in the median, not in one lucky round', () => {
  const { peak, byClock, byCpu, refused } = sharesOf([
    round(1000, 900, 800),
    round(1000, 2000, 950),
    round(1000, 900, 950),
  ]);
  expect([peak, byClock, byCpu.toFixed(3), refused]).toEqual([1000, 0.95, '0.800', 3]);
});

test('goodput below nine tenths of the peak by the clock is missed, and CPU is told beside it', () => {
  expect(textOf(899)).toContain('goal 90 %: missed');
  expect(textOf(900)).toContain('goal 90 %: met');
  expect(textOf(900)).toMatch(/bridge +1000 +90 % +80 % +1/);
});

function textOf(goodput: number): string {
  return overloadReport([{ name: 'bridge', rounds: [round(1000, 900, goodput)] }], {}).text;
}
