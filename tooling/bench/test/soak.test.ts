import { describe, expect, test } from 'vitest';
import { judge, soak, type Soaked } from '../src/soak/measurement.ts';
import { trendOf } from '../src/soak/slope.ts';

const noise = [0, 900, -400, 300, -800, 100, 600, -500];

/** A minute in samples of a second, on top of 10 MB. */
function soaked(extra: (second: number) => Partial<Soaked['samples'][number]>): Soaked {
  const samples = Array.from({ length: 60 }, (_, second) => ({
    type: 'sample' as const,
    second,
    heapBytes: 10_000_000 + (noise[second % noise.length] ?? 0),
    codeBytes: 2_000_000,
    residentBytes: 50_000_000,
    resources: 5,
    listeners: 3,
    ...extra(second),
  }));
  const counts = { published: 10, received: 10, missing: 0, twice: 0, requests: 1, unanswered: 0, connections: 2 };
  return { samples, end: { type: 'end', ...counts } };
}

describe('a trend', () => {
  test('is the slope of the line that fits best', () => {
    const points = [0, 1, 2, 3].map((second) => ({ second, value: 100 + second * 5 }));
    expect(trendOf(points)).toEqual({ perMinute: 300, rise: 15, wander: 0 });
  });

  test('takes more than two points', () => {
    expect(() => trendOf([{ second: 0, value: 0 }])).toThrow(RangeError);
  });
});

describe('the verdict on a soak', () => {
  const good = {
    isMemoryFlat: true,
    areHandlesBounded: true,
    areListenersBounded: true,
    isAllAccountedFor: true,
  };

  test('is good when memory only wanders, and also while it fills at the beginning', () => {
    expect(judge(soaked(() => ({})))).toEqual(good);
    expect(judge(soaked((second) => (second < 10 ? { heapBytes: 1_000_000 * second } : {})))).toEqual(good);
  });

  test('finds a hundred bytes a second that stay', () => {
    const leak = soaked((second) => ({ heapBytes: 10_000_000 + (noise[second % 8] ?? 0) + second * 100 }));
    expect(judge(leak)).toEqual({ ...good, isMemoryFlat: false });
  });

  test('finds a handle and a listener too many', () => {
    expect(judge(soaked((second) => ({ resources: second < 50 ? 5 : 6 })))).toEqual({
      ...good,
      areHandlesBounded: false,
    });
    expect(judge(soaked((second) => ({ listeners: 3 + second })))).toEqual({ ...good, areListenersBounded: false });
  });

  test('finds a message that is missing', () => {
    const { samples, end } = soaked(() => ({}));
    expect(judge({ samples, end: { ...end, missing: 1 } })).toEqual({ ...good, isAllAccountedFor: false });
  });
});

test('a short soak, with connections that break, loses nothing and takes its samples', async () => {
  const { samples, end } = await soak({ seconds: 3, samples: 6, breakEveryMs: 700 });

  expect(samples.length).toBeGreaterThan(0);
  for (const { heapBytes, resources } of samples) {
    expect(heapBytes).toBeGreaterThan(1_000_000);
    expect(resources).toBeGreaterThan(0);
  }
  expect(end).toMatchObject({ missing: 0, twice: 0 });
  expect(end.published).toBeGreaterThanOrEqual(200);
  expect(end.received).toBeGreaterThan(end.published / 2);
}, 60_000);
