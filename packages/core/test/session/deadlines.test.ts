import * as fc from 'fast-check';
import { expect, test } from 'vitest';

import { Deadlines } from '../../src/session/deadlines.ts';

const entry = fc.record({ at: fc.oneof(fc.nat(20), fc.constant(Infinity)), item: fc.nat(5) });

function takeAll(deadlines: Deadlines<{ readonly at: number }>, now: number): readonly number[] {
  const taken: number[] = [];
  for (let item = deadlines.takeDue(now); item !== undefined; item = deadlines.takeDue(now)) taken.push(item.at);
  return taken;
}

test('what is due comes out sorted, and the rest stays', () => {
  fc.assert(
    fc.property(fc.array(entry), fc.array(entry), fc.nat(20), (early, late, now) => {
      const deadlines = new Deadlines<{ readonly at: number }>();
      let model: number[] = [];
      for (const entries of [early, late]) {
        for (const item of entries) deadlines.add(item.at, item);
        model = [...model, ...entries.map(({ at }) => at)].toSorted((one, other) => one - other);
        expect(deadlines.next).toBe(model[0] ?? Infinity);
        expect(takeAll(deadlines, now)).toEqual(model.filter((at) => at <= now));
        model = model.filter((at) => at > now);
        expect(deadlines.size).toBe(model.length);
        expect(deadlines.next).toBe(model[0] ?? Infinity);
      }
    }),
  );
});

test('what is filtered out is gone, and the order of the rest stays', () => {
  fc.assert(
    fc.property(fc.array(entry), fc.array(entry), fc.nat(5), (early, late, unwanted) => {
      const deadlines = new Deadlines<{ readonly at: number; readonly item: number }>();
      for (const item of early) deadlines.add(item.at, item);
      deadlines.filter(({ item }) => item !== unwanted);
      for (const item of late) deadlines.add(item.at, item);
      const rest = [...early.filter(({ item }) => item !== unwanted), ...late].map(({ at }) => at);
      expect(takeAll(deadlines, Infinity)).toEqual(rest.toSorted((one, other) => one - other));
      expect(deadlines.next).toBe(Infinity);
    }),
  );
});
