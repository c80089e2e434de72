import { assert, array, integer, property } from 'fast-check';
import { expect, test } from 'vitest';
import { Pace } from '../../src/events/pace.ts';

test('never lets more through than its rate and the tenth of a second that it may be ahead', () => {
  assert(
    property(
      integer({ min: 1, max: 500 }),
      array(integer({ min: 0, max: 50 }), { minLength: 1, maxLength: 300 }),
      (perSecond, steps) => {
        const pace = new Pace(perSecond);
        let [now, passed] = [1000, 0];
        for (const step of steps) {
          now += step;
          if (pace.take(now) === 0) passed += 1;
        }
        expect(passed).toBeLessThanOrEqual(Math.ceil(perSecond / 10) + ((now - 1000) * perSecond) / 1000 + 1e-6);
      },
    ),
  );
});

test('says how long to wait, and lets through after that', () => {
  const pace = new Pace(10);
  expect([pace.take(0), pace.take(0), pace.take(40), pace.take(100)]).toEqual([0, 100, 60, 0]);
});
