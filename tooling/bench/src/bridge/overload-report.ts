/** What overload does to each of the servers, and what of it is the bridge. */
import { gain, type Report } from '../figures.ts';
import { median } from '../statistics.ts';
import { formatTable } from '../table.ts';
import { overload, type Overload } from './overload.ts';
import type { ServerProcess } from './servers.ts';

const REQUESTS = 8000;
const GOAL = 0.9;

export interface Overloads {
  readonly name: string;
  readonly rounds: readonly Overload[];
}

/** In turns. The first round is for the compiler. */
export async function overloads(servers: readonly ServerProcess[], rounds: number): Promise<readonly Overloads[]> {
  const all = servers.map((server) => ({ name: server.name, server, rounds: [] as Overload[] }));
  for (let round = 0; round <= rounds; round += 1) {
    for (const one of all) {
      const result = await overload(one.server, REQUESTS);
      if (round > 0) one.rounds.push(result);
    }
  }
  return all;
}

export function overloadReport(all: readonly Overloads[], titles: Readonly<Record<string, string>>): Report {
  const rows = all.map(({ name, rounds }) => ({ name, ...sharesOf(rounds) }));
  type Row = (typeof rows)[number];
  const table = formatTable(
    [
      { title: 'twice the peak wanted', cell: ({ name }: Row) => titles[name] ?? name },
      { title: 'peak per s', cell: ({ peak }: Row) => peak.toFixed(0), align: 'right' },
      { title: 'accepted', cell: ({ byClock }: Row) => percent(byClock), align: 'right' },
      { title: 'for its CPU', cell: ({ byCpu }: Row) => percent(byCpu), align: 'right' },
      { title: 'refused', cell: ({ refused }: Row) => refused.toFixed(0), align: 'right' },
    ],
    rows,
  );
  const { byClock, byCpu } = rows.find(({ name }) => name === 'bridge') ?? sharesOf([]);
  const text = [
    table,
    '',
    'accepted: a second by the clock, as a part of the peak, which is the most with 16, 64 or 256 connections; for its CPU: a',
    'second of CPU of its process, likewise. 512 connections cost each server more than a few, the one without MQTT too.',
    `Goodput of the bridge: ${percent(byClock)} of its peak; goal ${percent(GOAL)}: ${byClock >= GOAL ? 'met' : 'missed'}.`,
  ].join('\n');
  return {
    text,
    figures: [
      gain('overload, accepted of the peak', byClock * 100, '%'),
      gain('overload, accepted of the peak, for its CPU', byCpu * 100, '%'),
    ],
  };
}

interface Shares {
  /** Accepted a second. */
  readonly peak: number;
  /** Parts of what it was at the peak. */
  readonly byClock: number;
  readonly byCpu: number;
  readonly refused: number;
}

/** The peak is with as many connections as bring most in the median: the best of single rounds would be luck. */
export function sharesOf(rounds: readonly Overload[]): Shares {
  const [{ tries } = { tries: [] }] = rounds;
  const rates = tries.map((_, index) => {
    const those = rounds.map((round) => round.tries[index] ?? { byClock: Number.NaN, byCpu: Number.NaN });
    return { byClock: median(those.map((one) => one.byClock)), byCpu: median(those.map((one) => one.byCpu)) };
  });
  const none = { byClock: Number.NaN, byCpu: Number.NaN };
  const peak = rates.reduce((best, one) => (best.byClock >= one.byClock ? best : one), rates[0] ?? none);
  const overloaded = rounds.map((round) => round.overloaded);
  if (overloaded.length === 0) return { peak: Number.NaN, ...none, refused: 0 };
  return {
    peak: peak.byClock,
    byClock: median(overloaded.map((one) => one.byClock)) / peak.byClock,
    byCpu: median(overloaded.map((one) => one.byCpu)) / peak.byCpu,
    refused: rounds.reduce((sum, { refused }) => sum + refused, 0),
  };
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}
