/** The same work, done by us and by peers: what a benchmark consists of. */
import type { Report } from './figures.ts';

export interface Benchmark {
  /** One sentence for `--help`. */
  readonly summary: string;
  readonly contests: readonly PlannedContest[];
}

export interface MeasurementOptions {
  readonly rounds: number;
  readonly only: string;
  /** For what is measured over time. */
  readonly minutes: number;
}

/** Something else than the same work done by many: it prints its own table. */
export interface Measurement {
  /** One sentence for `--help`. */
  readonly summary: string;
  readonly report: (options: MeasurementOptions) => Promise<Report>;
}

/** Made when its turn comes and dropped afterwards: what others hold would be gone through by every collection. */
export interface PlannedContest {
  readonly name: string;
  readonly prepare: () => Contest;
}

export interface Contest {
  /** What every run of every contestant has to have done. */
  readonly expected: Work;
  readonly ours: Contestant;
  readonly peers: readonly Peer[];
}

export interface Contestant {
  readonly name: string;
  /** Does the whole work once, and counts it from the results: a packet that was skipped must be missing here. */
  run(): Work | Promise<Work>;
}

export interface Peer extends Contestant {
  /** How many times as much CPU as ours the peer should take, where a budget says so. */
  readonly budget?: number;
}

export interface Work {
  readonly packets: number;
  readonly bytes: number;
}

/** A contestant that has not done its work has no time worth reporting. */
export class MiscountError extends Error {
  override readonly name = 'MiscountError';

  constructor(contestant: string, expected: Work, done: Work) {
    super(
      `${contestant} did ${done.packets} packets with ${done.bytes} bytes ` +
        `instead of ${expected.packets} with ${expected.bytes}: its time says nothing`,
    );
  }
}

/** One run, with its count checked. */
export async function runChecked(contestant: Contestant, expected: Work): Promise<void> {
  const done = await contestant.run();
  if (done.packets !== expected.packets || done.bytes !== expected.bytes) {
    throw new MiscountError(contestant.name, expected, done);
  }
}
