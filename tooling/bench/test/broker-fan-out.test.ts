import { expect, test } from 'vitest';
import { runFanOut } from '../src/broker/fan-out.ts';

test('a fan-out in one process loses nothing', async () => {
  const { lost, dropped, nanoseconds } = await runFanOut({ messages: 5000, subscribers: 20 });
  expect({ lost, dropped }).toEqual({ lost: 0, dropped: 0 });
  expect(nanoseconds).toBeGreaterThan(0);
});
