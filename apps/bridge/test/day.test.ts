import { expect, test } from 'vitest';
import { liveThroughADay } from '../scripts/day.ts';

test('after a short day of traffic and two outages every message is accounted for', async () => {
  const { accepted, notSent, unknown, missing, unexpected } = await liveThroughADay({ messages: 12_000, outages: 2 });
  expect({ missing, unexpected, all: accepted + notSent + unknown }).toEqual({
    missing: 0,
    unexpected: 0,
    all: 12_000,
  });
  expect(accepted).toBeGreaterThan(6000);
}, 60_000);
