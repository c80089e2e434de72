import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type Dated, Deadlines } from '../../src/brokers/deadlines.ts';

interface Named extends Dated {
  readonly name: string;
}

function item(name: string): Named {
  return { name, dueAt: 0, earlier: undefined, later: undefined, list: undefined };
}

describe('deadlines', () => {
  let expired: string[] = [];
  let deadlines: Deadlines;

  beforeEach(() => {
    vi.useFakeTimers();
    expired = [];
    deadlines = new Deadlines((one) => expired.push((one as Named).name));
  });
  afterEach(() => vi.useRealTimers());

  function add(name: string, timeoutMs: number): Named {
    const one = item(name);
    deadlines.add(one, timeoutMs, performance.now());
    return one;
  }

  test('expire each at its own time, whatever the order in which they came', () => {
    add('late', 100);
    add('soon', 10);
    vi.advanceTimersByTime(50);
    add('last', 100);
    expect(expired).toEqual(['soon']);
    vi.advanceTimersByTime(52);
    expect(expired).toEqual(['soon', 'late']);
    vi.advanceTimersByTime(50);
    expect(expired).toEqual(['soon', 'late', 'last']);
  });

  test('that were met do not expire, wherever they stood', () => {
    const all = ['a', 'b', 'c', 'd'].map((name) => add(name, 100));
    for (const index of [0, 2, 3]) all[index]?.list?.remove(all[index]);
    vi.advanceTimersByTime(200);
    expect(expired).toEqual(['b']);
  });

  test('leave no timer behind', () => {
    const one = add('a', 100);
    add('b', 200);
    one.list?.remove(one);
    vi.advanceTimersByTime(201);
    expect(expired).toEqual(['b']);
    expect(vi.getTimerCount()).toBe(0);
  });
});
