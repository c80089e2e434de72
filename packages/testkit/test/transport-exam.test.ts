import { describe, expect, test } from 'vitest';
import { seededRandom, transportExam } from '../src/index.ts';
import { brokenTransports } from './broken-transports.ts';
import { memorySetup, tcpSetup } from './exam-subjects.ts';

const limitMs = 30_000;

describe.each([
  ['the transport in memory', memorySetup()],
  ['the transport in memory with random chunks', memorySetup({ slicing: 'random', random: seededRandom(2) })],
  ['the transport in memory with latency', memorySetup({ latencyMs: 1 })],
  ['a plain TCP', tcpSetup()],
])('%s passes:', (_name, setup) => {
  test.each(transportExam(setup))(
    '$title',
    async ({ run }) => {
      await expect(run()).resolves.toBeUndefined();
    },
    limitMs,
  );
});

describe('a transport fails that [parity Z8]', () => {
  test.each(brokenTransports)(
    '$fault',
    async ({ setup, foundBy }) => {
      const found = transportExam(setup).filter(({ title }) => title.startsWith(foundBy));
      expect(found).toHaveLength(1);
      await expect(found[0]?.run()).rejects.toMatchObject({ code: 'exam-failed' });
    },
    limitMs,
  );
});

test('cases that the runtime cannot pass are left out', () => {
  const { dial, listen } = memorySetup();
  const all = transportExam({ dial, listen }).map(({ title }) => title);
  const some = transportExam({
    dial,
    listen,
    capabilities: { hasBackPressure: false, canPause: false, canTellReset: false },
  }).map(({ title }) => title);
  expect(all.filter((title) => !some.includes(title))).toEqual([
    'write returns false while the peer does not read, and drained comes when it does',
    'a paused connection makes the peer wait',
    'a reset by the peer closes with connection-lost',
  ]);
});
