/** What a message costs a client with one subscription, and with very many; and what the look-up alone costs. */
import { topicMatches, TopicRouter } from '@omqtt/codec';
import type { Measurement } from '../contest.ts';
import { cost, type Figure, type Report } from '../figures.ts';
import { median } from '../statistics.ts';
import { formatTable, type Column } from '../table.ts';
import { chunksOf, openFedClient, subscribeToEach } from './client-without-network.ts';

const MOST = 100_000;
const SIZES = [1, 1000, MOST];
/** As many as a scan can be waited for. */
const LARGEST_SCAN = 1000;
const LOOK_UPS = 300_000;
const BUDGET_GROWTH = 2;
/** Where devices report again and again. */
const RECURRING_TOPICS = 100;

interface Way {
  readonly name: string;
  /** CPU time for one message or look-up; nothing where it would take too long. */
  readonly nanoseconds: (load: Load) => number | undefined;
}

interface Load {
  readonly filters: readonly string[];
  /** Each has one filter. */
  readonly recurring: readonly string[];
  /** As many as there are filters, so that each comes once in a long time. */
  readonly rare: readonly string[];
}

interface Row {
  readonly subscriptions: number;
  /** By way. */
  readonly nanoseconds: readonly (number | undefined)[];
}

export const routingMeasurement: Measurement = {
  summary: `a message for a client with ${SIZES.join(', ')} subscriptions, and the look-up of its topic alone`,
  async report({ rounds }) {
    const rows: Row[] = [];
    for (const size of SIZES) rows.push(await measure(loadOf(size), rounds));
    return reportOn(rows);
  },
};

async function measure(load: Load, rounds: number): Promise<Row> {
  const ways = [...(await waysOfClient(load)), ...waysOfRouter(load)];
  const times = ways.map((): number[] => []);
  // The first round is for the compilers. In turns, so that a busy moment of the machine falls on all.
  for (let round = 0; round <= rounds; round += 1) {
    for (const [index, { nanoseconds }] of ways.entries()) {
      const time = nanoseconds(load);
      if (round > 0 && time !== undefined) times[index]?.push(time);
    }
  }
  const nanoseconds = times.map((all) => (all.length > 0 ? median(all) : undefined));
  return { subscriptions: load.filters.length, nanoseconds };
}

/**
 * One in ten filters has a wildcard, as where a program watches many devices and a few groups of them. The topics are as
 * many and as long with one subscription as with all, so that nothing differs but where they lead.
 */
function loadOf(size: number): Load {
  const filters = Array.from({ length: size }, (_, index) =>
    index % 10 === 9 ? `plant/line-${index - 9}/+/heat` : topicOf(index),
  );
  if (size > 1) return { filters, recurring: spread(RECURRING_TOPICS, size), rare: spread(size / 10, size) };
  return { filters: ['plant/+/oven/heat'], recurring: spread(RECURRING_TOPICS, MOST), rare: spread(MOST / 10, MOST) };
}

/** Never of the first of ten lines, which has the wildcard as well. */
function spread(count: number, lines: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => topicOf(Math.floor((index * lines) / count / 10) * 10 + 1));
}

function topicOf(line: number): string {
  return `plant/line-${line}/oven/heat`;
}

async function waysOfClient(load: Load): Promise<readonly Way[]> {
  const fed = await openFedClient();
  let handled = 0;
  await subscribeToEach(fed.client, load.filters, () => (handled += 1));
  const payload = new Uint8Array(64).fill(0x78);
  const receiving = (name: string, topics: readonly string[]): Way => {
    const chunks = chunksOf(repeated(topics, LOOK_UPS), payload);
    const nanoseconds = (): number => {
      handled = 0;
      const time = cpuNanoseconds(() => chunks.forEach((chunk) => fed.feed(chunk))) / LOOK_UPS;
      check(handled, LOOK_UPS);
      return time;
    };
    return { name, nanoseconds };
  };
  return [receiving('message', load.recurring), receiving('message, rare topic', load.rare)];
}

function waysOfRouter({ filters }: Load): readonly Way[] {
  const router = new TopicRouter<string>();
  for (const filter of filters) router.add(filter, filter);
  const routed: Way = {
    name: 'look-up',
    nanoseconds: (load) => timeLookUps(load, LOOK_UPS, (topic) => router.match(topic).length),
  };
  const scanned: Way = {
    name: 'one after the other',
    nanoseconds: (load) => {
      if (load.filters.length > LARGEST_SCAN) return undefined;
      const lookUps = Math.max(500, LOOK_UPS / load.filters.length);
      return timeLookUps(load, lookUps, (topic) => load.filters.filter((filter) => topicMatches(filter, topic)).length);
    },
  };
  return [routed, scanned];
}

function timeLookUps(load: Load, lookUps: number, count: (topic: string) => number): number {
  let found = 0;
  const time = cpuNanoseconds(() => {
    for (const topic of repeated(load.recurring, lookUps)) found += count(topic);
  });
  check(found, lookUps);
  return time / lookUps;
}

function* repeated(topics: readonly string[], times: number): Iterable<string> {
  for (let index = 0; index < times; index += 1) yield topics[index % topics.length] ?? '';
}

function check(found: number, expected: number): void {
  if (found !== expected) throw new Error(`${found} subscriptions were found instead of ${expected}`);
}

/** User and system, all threads. */
function cpuNanoseconds(work: () => void): number {
  const start = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(start);
  return (user + system) * 1000;
}

const wayNames = ['message', 'message, rare topic', 'look-up', 'one after the other'];

function reportOn(rows: readonly Row[]): Report {
  const columns: readonly Column<Row>[] = [
    { title: 'subscriptions', cell: ({ subscriptions }) => String(subscriptions), align: 'right' },
    ...wayNames.map((name, index): Column<Row> => {
      return { title: `${name} ns`, cell: ({ nanoseconds }) => nanoseconds[index]?.toFixed(0) ?? '–', align: 'right' };
    }),
  ];
  const growth = (way: number): number =>
    (rows.at(-1)?.nanoseconds[way] ?? Number.NaN) / (rows[0]?.nanoseconds[way] ?? Number.NaN);
  const judged = growth(0) <= BUDGET_GROWTH ? 'met' : 'missed';
  const text = `${formatTable(columns, rows)}

ns: median CPU time for a message of 64 bytes from the bytes to the handler of its subscription, without a network;
and to find that alone. ${RECURRING_TOPICS} topics in turns; rare: as many as a tenth of the subscriptions.
From ${SIZES[0]} to ${SIZES.at(-1)} subscriptions a message costs ${growth(0).toFixed(2)} times as much, budget ≤ ${BUDGET_GROWTH}: ${judged}; on a rare topic ${growth(1).toFixed(2)} times.`;
  return { text, figures: rows.flatMap(figuresOf) };
}

function figuresOf({ subscriptions, nanoseconds }: Row): readonly Figure[] {
  return nanoseconds.flatMap((value, index) =>
    value === undefined ? [] : [cost(`${subscriptions} subscriptions · ${wayNames[index] ?? ''}`, value, 'ns')],
  );
}
