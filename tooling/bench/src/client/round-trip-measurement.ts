/** How long a message is away that the other end sends back at once, at a rate that nobody has trouble with. */
import type { Measurement } from '../contest.ts';
import { cost } from '../figures.ts';
import { median } from '../statistics.ts';
import { formatTable, type Column } from '../table.ts';
import { clientContestants } from './comparison.ts';
import { type ClientProcess, startClient, startFarEnd } from './processes.ts';

const RATE = { perSecond: 2000, seconds: 1 };
const quantiles = [0.5, 0.99, 0.999] as const;

interface Row {
  readonly name: string;
  /** Medians over the rounds, in milliseconds. */
  readonly milliseconds: readonly number[];
}

export const roundTripMeasurement: Measurement = {
  summary: `latency of ${RATE.perSecond} messages a second to the other end and back`,
  async report({ rounds }) {
    const { farEnd, port } = await startFarEnd();
    const clients: ClientProcess[] = [];
    try {
      for (const to of clientContestants) {
        clients.push(await startClient(to, port));
        farEnd.tell({ type: 'echo', to });
        await farEnd.hear('expecting');
      }
      const found: number[][][] = clientContestants.map(() => []);
      // The first round is for the compilers.
      for (let turn = 0; turn < (1 + rounds) * clients.length; turn += 1) {
        const index = turn % clients.length;
        clients[index]?.tell({ type: 'rate', ...RATE });
        const latencies = await clients[index]?.hear('latencies');
        found[index]?.push(quantilesOf(latencies?.milliseconds ?? []));
      }
      const rows = clientContestants.map((name, index) => rowOf(name, found[index]?.slice(1) ?? []));
      const figures = rows.flatMap(({ name, milliseconds }) =>
        quantiles.map((quantile, index) =>
          cost(`p${quantile * 100} · ${name}`, milliseconds[index] ?? Number.NaN, 'ms'),
        ),
      );
      return { text: `${formatTable(columns, rows)}\n\n${legend}`, figures };
    } finally {
      for (const process of [...clients, farEnd]) await process.stop();
    }
  },
};

const legend = `ms: from the call that sends to the handler; each a median over the rounds, in which the clients take turns. Whatever
else the machine does is in the last two columns.`;

const columns: readonly Column<Row>[] = [
  { title: 'client', cell: ({ name }) => name },
  ...quantiles.map((quantile, index): Column<Row> => {
    const cell = ({ milliseconds }: Row): string => (milliseconds[index] ?? Number.NaN).toFixed(3);
    return { title: `p${quantile * 100} ms`, cell, align: 'right' };
  }),
];

function rowOf(name: string, rounds: readonly (readonly number[])[]): Row {
  return { name, milliseconds: quantiles.map((_, index) => median(rounds.map((round) => round[index] ?? Number.NaN))) };
}

function quantilesOf(latencies: readonly number[]): number[] {
  const sorted = latencies.toSorted((a, b) => a - b);
  return quantiles.map(
    (quantile) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * quantile))] ?? Number.NaN,
  );
}
