import * as fc from 'fast-check';
import { expect, test } from 'vitest';

import { Queue } from '../../src/session/queue.ts';

const command = fc.oneof(
  { weight: 5, arbitrary: fc.record({ type: fc.constant('push' as const), item: fc.nat(20) }) },
  { weight: 4, arbitrary: fc.record({ type: fc.constant('shift' as const) }) },
  fc.record({ type: fc.constant('putFirst' as const), items: fc.array(fc.nat(20), { maxLength: 4 }) }),
  fc.record({ type: fc.constant('filter' as const), item: fc.nat(20) }),
  fc.record({ type: fc.constant('find' as const), item: fc.nat(20) }),
  { weight: 1, arbitrary: fc.record({ type: fc.constant('clear' as const) }) },
);

test('a queue is an array that is pushed to and shifted from', () => {
  fc.assert(
    fc.property(fc.array(command, { maxLength: 300 }), (commands) => {
      const queue = new Queue<number>();
      let model: number[] = [];
      const seen: unknown[] = [];
      const expected: unknown[] = [];
      for (const step of commands) {
        if (step.type === 'push') {
          queue.push(step.item);
          model.push(step.item);
        } else if (step.type === 'shift') {
          seen.push(queue.shift());
          expected.push(model.shift());
        } else if (step.type === 'putFirst') {
          queue.putFirst(step.items);
          model.unshift(...step.items);
        } else if (step.type === 'filter') {
          queue.filter((item) => item !== step.item);
          model = model.filter((item) => item !== step.item);
        } else if (step.type === 'find') {
          seen.push(queue.find((item) => item === step.item));
          expected.push(model.find((item) => item === step.item));
        } else {
          queue.clear();
          model = [];
        }
        expect(seen).toEqual(expected);
        expect(queue.length).toBe(model.length);
        expect(queue.first).toBe(model[0]);
        expect(queue.toArray()).toEqual(model);
      }
    }),
  );
});
