import { describe, expect, test } from 'vitest';
import { MiscountError, type Contest, type Contestant } from '../src/contest.ts';
import { timeContest } from '../src/cpu-time.ts';

const expected = { packets: 10, bytes: 100 };

/** A processor that is busy only while a contestant runs, and then for exactly as long as the contestant says. */
function fakeProcessor() {
  let now = 0;
  const turns: string[] = [];
  const contestant = (name: string, microseconds: number, work = expected): Contestant => ({
    name,
    run() {
      now += microseconds;
      if (turns.at(-1) !== name) turns.push(name);
      return work;
    },
  });
  return { contestant, turns, cpuMicroseconds: () => now };
}

describe('timing a contest', () => {
  test('gives the nanoseconds per packet of each contestant in each round', async () => {
    const { contestant, cpuMicroseconds } = fakeProcessor();
    const contest: Contest = { expected, ours: contestant('we', 20), peers: [contestant('they', 500)] };
    const timing = await timeContest(contest, { rounds: 3, sampleMilliseconds: 1, cpuMicroseconds });
    // 20 µs for 10 packets are 2 µs for one.
    expect(timing).toEqual([
      [2000, 2000, 2000],
      [50_000, 50_000, 50_000],
    ]);
  });

  test('lets the contestants take turns', async () => {
    const { contestant, cpuMicroseconds, turns } = fakeProcessor();
    const contest: Contest = { expected, ours: contestant('we', 20), peers: [contestant('they', 500)] };
    await timeContest(contest, { rounds: 2, sampleMilliseconds: 1, cpuMicroseconds });
    expect(turns).toEqual(['we', 'they', 'we', 'they', 'we', 'they']); // the first turn of each counts the runs
  });

  test('gives each sample about the time that was asked for', async () => {
    const { contestant, cpuMicroseconds } = fakeProcessor();
    const contest: Contest = { expected, ours: contestant('we', 30), peers: [] };
    const start = cpuMicroseconds();
    await timeContest(contest, { rounds: 1, sampleMilliseconds: 3, cpuMicroseconds });
    expect(cpuMicroseconds() - start).toBe(6000); // 3 ms to count the runs, 3 ms to measure
  });

  test.each([
    ['packets', { packets: 9, bytes: 100 }],
    ['bytes', { packets: 10, bytes: 99 }],
  ])('fails when a contestant leaves out %s', async (_, work) => {
    const { contestant, cpuMicroseconds } = fakeProcessor();
    const contest: Contest = { expected, ours: contestant('we', 1), peers: [contestant('they', 1, work)] };
    const timing = timeContest(contest, { rounds: 1, sampleMilliseconds: 1, cpuMicroseconds });
    await expect(timing).rejects.toThrow(MiscountError);
  });

  test('fails when only a later run leaves something out', async () => {
    let runs = 0;
    const ours: Contestant = { name: 'we', run: () => (++runs < 50 ? expected : { packets: 9, bytes: 100 }) };
    const contest: Contest = { expected, ours, peers: [] };
    let now = 0;
    const cpuMicroseconds = () => (now += 100);
    const timing = timeContest(contest, { rounds: 10, sampleMilliseconds: 1, cpuMicroseconds });
    await expect(timing).rejects.toThrow('we did 9 packets with 100 bytes instead of 10 with 100');
  });
});
