/** What it costs to find the subscriptions of a message, with few of them and with many. */
import { topicMatches, TopicRouter } from '@omqtt/codec';
import type { Measurement } from '../contest.ts';
import { cost, type Figure, type Report } from '../figures.ts';
import { median } from '../statistics.ts';
import { formatTable } from '../table.ts';

const SIZES = [1, 1000, 100_000];
/** As many as a scan can be waited for. */
const LARGEST_SCAN = 1000;
const LOOK_UPS = 20_000;
const BUDGET_GROWTH = 2;

interface Row {
  readonly subscriptions: number;
  readonly routedNanoseconds: number;
  readonly scannedNanoseconds: number | undefined;
}

interface Load {
  readonly filters: readonly string[];
  /** Each has two filters, or one when there is only one. */
  readonly topics: readonly string[];
}

export const routingMeasurement: Measurement = {
  summary: `the subscriptions of a topic among ${SIZES.join(', ')}, against trying one filter after the other`,
  report({ rounds }) {
    const loads = SIZES.map(loadOf);
    const routers = loads.map(({ filters }) => routerOf(filters));
    const routed: number[][] = SIZES.map(() => []);
    const scanned: number[][] = SIZES.map(() => []);
    // The first round is for the compilers. In turns, so that a busy moment of the machine falls on all.
    for (let round = 0; round <= rounds; round += 1) {
      for (const [index, load] of loads.entries()) {
        const router = routers[index] ?? routerOf([]);
        const times = [timeRouter(router, load), timeScan(load)];
        if (round === 0) continue;
        routed[index]?.push(times[0] ?? Number.NaN);
        if (times[1] !== undefined) scanned[index]?.push(times[1]);
      }
    }
    const rows = SIZES.map((subscriptions, index) => ({
      subscriptions,
      routedNanoseconds: median(routed[index] ?? []),
      scannedNanoseconds: scanned[index]?.length ? median(scanned[index]) : undefined,
    }));
    return Promise.resolve(table(rows));
  },
};

/** One in ten filters has a wildcard, as where a program watches many devices and a few groups of them. */
function loadOf(size: number): Load {
  const filters = Array.from({ length: size }, (_, index) =>
    index % 10 === 9 ? `plant/line-${index - 9}/+/heat` : `plant/line-${index}/oven/heat`,
  );
  const lines = Array.from({ length: 500 }, (_, index) => (Math.floor((index * size) / 500 / 10) * 10).toString());
  return { filters, topics: lines.map((line) => `plant/line-${line}/oven/heat`) };
}

function expectedMatches({ filters }: Load): number {
  return filters.length === 1 ? 1 : 2;
}

function routerOf(filters: readonly string[]): TopicRouter<string> {
  const router = new TopicRouter<string>();
  for (const filter of filters) router.add(filter, filter);
  return router;
}

function timeRouter(router: TopicRouter<string>, load: Load): number {
  return timeLookUps(load, LOOK_UPS, (topic) => router.match(topic).length);
}

function timeScan(load: Load): number | undefined {
  if (load.filters.length > LARGEST_SCAN) return undefined;
  const lookUps = Math.max(500, LOOK_UPS / load.filters.length);
  return timeLookUps(load, lookUps, (topic) => load.filters.filter((filter) => topicMatches(filter, topic)).length);
}

/** Nanoseconds of CPU time for one. */
function timeLookUps(load: Load, lookUps: number, count: (topic: string) => number): number {
  const { topics } = load;
  let found = 0;
  const start = process.cpuUsage();
  for (let index = 0; index < lookUps; index += 1) found += count(topics[index % topics.length] ?? '');
  const { user, system } = process.cpuUsage(start);
  const expected = lookUps * expectedMatches(load);
  if (found !== expected) throw new Error(`${found} subscriptions were found instead of ${expected}`);
  return ((user + system) * 1000) / lookUps;
}

function figuresOf({ subscriptions, routedNanoseconds, scannedNanoseconds }: Row): readonly Figure[] {
  const routed = cost(`${subscriptions} subscriptions · router`, routedNanoseconds, 'ns');
  if (scannedNanoseconds === undefined) return [routed];
  return [routed, cost(`${subscriptions} subscriptions · one after the other`, scannedNanoseconds, 'ns')];
}

function table(rows: readonly Row[]): Report {
  const growth = (rows.at(-1)?.routedNanoseconds ?? Number.NaN) / (rows[0]?.routedNanoseconds ?? Number.NaN);
  const columns = [
    { title: 'subscriptions', cell: ({ subscriptions }: Row) => String(subscriptions), align: 'right' },
    { title: 'router ns', cell: ({ routedNanoseconds }: Row) => routedNanoseconds.toFixed(0), align: 'right' },
    { title: 'scan ns', cell: ({ scannedNanoseconds }: Row) => scannedNanoseconds?.toFixed(0) ?? '–', align: 'right' },
  ] as const;
  const text = `${formatTable(columns, rows)}

ns: median CPU time to find the one or two subscriptions of a topic, of 500 topics in turns.
From ${SIZES[0]} to ${SIZES.at(-1)} subscriptions: ${growth.toFixed(2)} times the cost, budget ≤ ${BUDGET_GROWTH}: ${growth <= BUDGET_GROWTH ? 'met' : 'missed'}.`;
  return { text, figures: rows.flatMap(figuresOf) };
}
