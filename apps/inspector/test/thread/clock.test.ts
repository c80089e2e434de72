import { expect, test } from 'vitest';
import { clockOf } from '../../src/thread/clock.ts';

const START = 1_700_000_000_000;

function rig(): { now: () => number; pass: (times: { steady: number; wall?: number }) => void } {
  let [steady, wall] = [5, START + 5];
  return {
    now: clockOf({ steady: () => steady, wall: () => wall, origin: START }),
    pass: (times) => {
      steady += times.steady;
      wall += times.wall ?? times.steady;
    },
  };
}

test('packets have the time of the steady clock, with its fractions', () => {
  const { now, pass } = rig();
  expect(now()).toBe(START + 5);
  pass({ steady: 0.25, wall: 0 });
  expect(now()).toBe(START + 5.25);
});

test('after a sleep, in which the steady clock stands still, the time is that of the wall again', () => {
  const { now, pass } = rig();
  now();
  pass({ steady: 1000, wall: 3_600_000 });
  expect(now()).toBe(START + 5 + 3_600_000);
});

test('a clock that is set back, or a little ahead, turns nothing around', () => {
  const { now, pass } = rig();
  now();
  pass({ steady: 1000, wall: -3_600_000 });
  expect(now()).toBe(START + 1005);
  pass({ steady: 1000, wall: 3_603_000 });
  expect(now()).toBe(START + 2005);
});
