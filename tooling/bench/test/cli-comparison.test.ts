import { expect, test } from 'vitest';
import { compareWithLibrary } from '../src/cli/comparison.ts';

test('the command and the library get every message through, and its percentiles agree with a second measurement', async () => {
  const few = { window: 100, payloadBytes: 64, messages: 2000, warmupMs: 1, durationMs: 50 };
  const paced = { pacedMessages: 500, pacedRate: 1000 };
  const [round] = await compareWithLibrary({ ...few, ...paced, rounds: 1 });
  expect(round?.command).toMatchObject({ loss: 0, errors: 0 });
  const { report, calls, packets } = round?.tapped ?? {};
  const counts = [report?.latency.count, calls?.count, packets?.count];
  expect([report?.sent, report?.loss, ...counts]).toEqual([500, 0, 500, 500, 500]);
  for (const name of ['p50', 'p90', 'p99'] as const) {
    const [own = 0, second = 0, least = 0] = [report?.latency, calls, packets].map((times) => times?.[name]);
    // A bucket is 1 % wide, and a microtask lies between the two; what the packets took is part of it.
    expect(Math.abs(own - second)).toBeLessThan(second * 0.05 + 0.05);
    expect(own).toBeGreaterThan(least * 0.98);
  }
}, 60_000);
