/**
 * CPU time per packet. Contestants take turns, round by round, so that whatever else the machine does falls on all of
 * them; and it is CPU time of the whole process, so that waiting for a core counts for nobody and collecting one's
 * garbage on another thread counts for its maker.
 */
import { runChecked, type Contest, type Contestant } from './contest.ts';

export interface TimingOptions {
  readonly rounds: number;
  /** How long one contestant works in one round. */
  readonly sampleMilliseconds: number;
  /** Replaced in tests. */
  readonly cpuMicroseconds?: () => number;
}

/** Nanoseconds per packet by contestant, ours first, and by round. */
export type Timing = readonly (readonly number[])[];

/** Runs everyone for a while. Done for all contests first, it keeps the first ones from being compiled for less. */
export async function warmUp(contest: Contest, sampleMilliseconds: number): Promise<void> {
  for (const contestant of contestantsOf(contest)) {
    await countRuns(contestant, contest, { rounds: 1, sampleMilliseconds });
  }
}

export async function timeContest(contest: Contest, options: TimingOptions): Promise<Timing> {
  // The contest before this one has left its packets behind.
  globalThis.gc?.();
  const entries: { readonly contestant: Contestant; readonly runs: number; readonly times: number[] }[] = [];
  for (const contestant of contestantsOf(contest)) {
    entries.push({ contestant, runs: await countRuns(contestant, contest, options), times: [] });
  }
  for (let round = 0; round < options.rounds; round += 1) {
    for (const { contestant, runs, times } of entries) {
      times.push(await timeRuns(contestant, contest, { ...options, runs }));
    }
  }
  return entries.map(({ times }) => times);
}

function contestantsOf({ ours, peers }: Contest): readonly Contestant[] {
  return [ours, ...peers];
}

/** How many runs make one sample. The counting is the warm-up too. */
async function countRuns(contestant: Contestant, { expected }: Contest, options: TimingOptions): Promise<number> {
  const { sampleMilliseconds, cpuMicroseconds = processMicroseconds } = options;
  const end = cpuMicroseconds() + sampleMilliseconds * 1000;
  let runs = 0;
  while (runs < 1 || cpuMicroseconds() < end) {
    await runChecked(contestant, expected);
    runs += 1;
  }
  return runs;
}

async function timeRuns(
  contestant: Contestant,
  { expected }: Contest,
  { runs, cpuMicroseconds = processMicroseconds }: TimingOptions & { readonly runs: number },
): Promise<number> {
  // What the contestant before left behind is not this one's to sweep.
  globalThis.gc?.({ type: 'minor' });
  const start = cpuMicroseconds();
  for (let run = 0; run < runs; run += 1) await runChecked(contestant, expected);
  return ((cpuMicroseconds() - start) * 1000) / (runs * expected.packets);
}

function processMicroseconds(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}
