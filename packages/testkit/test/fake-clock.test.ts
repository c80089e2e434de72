import { describe, expect, test } from 'vitest';
import { fakeClock } from '../src/index.ts';

const start = 1_000_000;

test('time stands still until it is moved', () => {
  const clock = fakeClock(start);
  expect(clock.now()).toBe(start);
  clock.advance(5);
  clock.advanceTo(start + 20);
  expect(clock.now()).toBe(start + 20);
});

test('wakes come in the order of their times, and those of one time in the order in which they were asked for', () => {
  const clock = fakeClock(start);
  const woken: string[] = [];
  for (const [name, after] of [
    ['c', 30],
    ['a', 10],
    ['b1', 20],
    ['b2', 20],
  ] as const) {
    clock.wakeAt(start + after, () => woken.push(`${name} at ${clock.now() - start}`));
  }
  clock.advance(29);
  expect(woken).toEqual(['a at 10', 'b1 at 20', 'b2 at 20']);
  expect([clock.pending, clock.nextWakeAt]).toEqual([1, start + 30]);
  clock.advance(1);
  expect(woken).toHaveLength(4);
  expect([clock.pending, clock.nextWakeAt]).toEqual([0, undefined]);
});

test('a wake that is asked for within a wake comes in the same step when it is due', () => {
  const clock = fakeClock(start);
  const woken: number[] = [];
  const again = (): void => {
    woken.push(clock.now() - start);
    clock.wakeAt(clock.now() + 10, again);
  };
  clock.wakeAt(start + 10, again);
  clock.advance(35);
  expect(woken).toEqual([10, 20, 30]);
});

test('a wake in the past comes with the next step, and time does not go back', () => {
  const clock = fakeClock(start);
  const woken: number[] = [];
  clock.wakeAt(start - 50, () => woken.push(clock.now()));
  expect(woken).toEqual([]);
  clock.advance(0);
  expect(woken).toEqual([start]);
});

test('a wake that was taken back does not come, and taking it back again is harmless', () => {
  const clock = fakeClock(start);
  const woken: string[] = [];
  const cancel = clock.wakeAt(start + 1, () => woken.push('a'));
  clock.wakeAt(start + 1, () => woken.push('b'));
  cancel();
  cancel();
  clock.advance(1);
  cancel();
  expect(woken).toEqual(['b']);
});

test('a wake may take back another one of the same time', () => {
  const clock = fakeClock(start);
  const woken: string[] = [];
  clock.wakeAt(start + 1, () => cancel());
  const cancel = clock.wakeAt(start + 1, () => woken.push('b'));
  clock.advance(1);
  expect(woken).toEqual([]);
});

test('the clock refuses to go back, and to go nowhere', () => {
  const clock = fakeClock(start);
  expect(() => clock.advance(-1)).toThrow(RangeError);
  expect(() => clock.advanceTo(start - 1)).toThrow(RangeError);
  expect(() => clock.advance(Number.NaN)).toThrow(RangeError);
});

test('callbacks that ask for each other without end are found out', () => {
  const clock = fakeClock(start);
  const again = (): void => void clock.wakeAt(clock.now(), again);
  again();
  expect(() => clock.advance(1)).toThrow(/each time it is woken/);
});

describe('settle', () => {
  test('lets promises run between wakes', async () => {
    const clock = fakeClock(start);
    const log: string[] = [];
    const wake = (after: number): Promise<void> =>
      new Promise((resolve) => void clock.wakeAt(clock.now() + after, resolve));
    const work = (async () => {
      await wake(10);
      log.push(`first at ${clock.now() - start}`);
      await Promise.resolve();
      await wake(10);
      log.push(`second at ${clock.now() - start}`);
    })();
    await clock.settle(25);
    expect(log).toEqual(['first at 10', 'second at 20']);
    expect(clock.now()).toBe(start + 25);
    await work;
  });

  test('without a time lets promises run, and wakes what is due', async () => {
    const clock = fakeClock(start);
    const log: string[] = [];
    void Promise.resolve()
      .then(() => clock.wakeAt(clock.now(), () => log.push('due')))
      .then(() => log.push('promise'));
    await clock.settle();
    expect(log).toEqual(['promise', 'due']);
    expect(clock.now()).toBe(start);
  });

  test('never moves time back when something else has moved it on', async () => {
    const clock = fakeClock(start);
    const settled = clock.settle(10);
    clock.advance(50);
    await settled;
    expect(clock.now()).toBe(start + 50);
  });
});
