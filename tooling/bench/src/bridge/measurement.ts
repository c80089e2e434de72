/** What the bridge costs, against the limit of its framework and against what one would write without a bridge. */
import type { Measurement } from '../contest.ts';
import { cost, gain, joinReports, type Report } from '../figures.ts';
import { median } from '../statistics.ts';
import { formatTable } from '../table.ts';
import { fanOutCost } from './fan-out.ts';
import { overloadReport, overloads } from './overload-report.ts';
import { batchCost, publishCost } from './publish-cost.ts';
import { type ServerProcess, startMosquitto, startServer } from './servers.ts';

const BATCH = 1000;
const fanOuts = [
  { readers: 100, messages: 200, window: 1 },
  { readers: 100, messages: 1000, window: 500 },
] as const;

export interface BridgeLoads {
  readonly requests: number;
  readonly warmUpRequests: number;
  readonly batches: number;
}

const usual: BridgeLoads = { requests: 3000, warmUpRequests: 15_000, batches: 12 };

export const bridgeMeasurement: Measurement = {
  summary: 'CPU time of a publish over HTTP, a batch and a frame of an event stream, against Fastify with MQTT.js',
  async report({ rounds, only }) {
    const isWanted = (name: string): boolean => name.includes(only);
    const broker = await startMosquitto();
    const servers: ServerProcess[] = [];
    try {
      for (const name of ['limit', 'bare', 'bridge'] as const) servers.push(await startServer(name, broker.url));
      const [, , bridge] = servers;
      if (bridge === undefined) throw new Error('the bridge has been started above');
      const parts: Report[] = [];
      if (isWanted('publish')) parts.push(publishReport(await publishCosts(servers, rounds)));
      if (isWanted('batch')) {
        const costs = await repeat(rounds, (isFirst) => batchCost(bridge, BATCH, isFirst ? 30 : usual.batches));
        parts.push(rateReport(`batch of ${BATCH} at QoS 1`, 'messages', { costs, goal: 150_000 }));
      }
      if (isWanted('events')) {
        for (const plan of fanOuts) {
          const costs = await repeat(rounds, () => fanOutCost(bridge, broker.url, plan));
          const what = `event streams, ${plan.readers} readers, ${plan.window} at a time`;
          parts.push(rateReport(what, 'frames', { costs, goal: 90_000 }));
        }
      }
      if (isWanted('overload')) {
        parts.push(overloadReport(await overloads(servers, rounds), titles));
      }
      return joinReports(parts, '\n\n');
    } finally {
      for (const server of servers) await server.stop();
      await broker.stop();
    }
  },
};

/** The first round is for the compiler. */
async function repeat<Result>(rounds: number, run: (isFirst: boolean) => Promise<Result>): Promise<readonly Result[]> {
  const results: Result[] = [];
  for (let round = 0; round <= rounds; round += 1) results.push(await run(round === 0));
  return results.slice(1);
}

interface Row {
  readonly name: string;
  readonly costs: readonly number[];
  readonly ratios: readonly number[];
}

/** They take turns, and another one begins each round, so that what else the machine does falls on all of them. */
async function publishCosts(servers: readonly ServerProcess[], rounds: number): Promise<readonly Row[]> {
  const costs = new Map<ServerProcess, number[]>(servers.map((server) => [server, []]));
  for (let round = 0; round <= rounds; round += 1) {
    const first = round % servers.length;
    for (const server of [...servers.slice(first), ...servers.slice(0, first)]) {
      const measured = await publishCost(server, round === 0 ? usual.warmUpRequests : usual.requests);
      if (round > 0) costs.get(server)?.push(measured);
    }
  }
  const [limit = []] = costs.values();
  return [...costs].map(([{ name }, list]) => {
    return { name, costs: list, ratios: list.map((each, round) => each / (limit[round] ?? Number.NaN)) };
  });
}

function publishReport(rows: readonly Row[]): Report {
  const table = formatTable(
    [
      { title: 'publish at QoS 1', cell: ({ name }: Row) => titles[name] ?? name },
      { title: 'µs', cell: ({ costs }: Row) => median(costs).toFixed(1), align: 'right' },
      { title: 'least', cell: ({ costs }: Row) => Math.min(...costs).toFixed(1), align: 'right' },
      { title: 'of the limit', cell: ({ ratios }: Row) => median(ratios).toFixed(2), align: 'right' },
    ],
    rows,
  );
  const [, bare, bridge] = rows.map(({ costs }) => median(costs));
  const toBare = ((bridge ?? Number.NaN) / (bare ?? Number.NaN)).toFixed(2);
  const text = `${table}\n\nµs: median CPU time of the server's process for a request, 64 connections. The bridge costs ${toBare} × the bare one.`;
  return {
    text,
    figures: rows.map(({ name, costs }) => cost(`publish · ${titles[name] ?? name}`, median(costs), 'µs')),
  };
}

const titles: Readonly<Record<string, string>> = {
  limit: 'limit: Fastify, same body and answer, no MQTT',
  bare: 'Fastify and MQTT.js, unprotected',
  bridge: 'bridge, key, rules, limits',
};

interface Rate {
  readonly costs: readonly number[];
  readonly goal: number;
}

function rateReport(what: string, unit: string, { costs, goal }: Rate): Report {
  const rate = 1e6 / median(costs);
  const best = Math.round(1e6 / Math.min(...costs));
  const verdict = rate >= goal ? 'met' : 'missed';
  const text = `${what}: ${Math.round(rate)} ${unit} for a second of CPU (best round ${best}); goal ${goal}: ${verdict}.`;
  return { text, figures: [gain(`${what}, ${unit}`, rate, 'per s')] };
}
