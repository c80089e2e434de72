/** What the inspector costs those between whom it stands, and how much it can follow. */
import type { Measurement } from '../contest.ts';
import { cost, gain, joinReports, type Report } from '../figures.ts';
import { median } from '../statistics.ts';
import { measureCapture } from './capture.ts';
import { measureLatency } from './latency.ts';
import { measurePage } from './page.ts';
import { measureThroughput, type Round, type Shares } from './throughput.ts';

const budgets = { throughput: 0.8, p50Ms: 0.2, p99Ms: 1, packetsPerSecond: 20_000, growth: 1.2, memory: 2 };
/** A tenth of a second: it fits into what may wait to be decoded. */
const BURST_MESSAGES = 20_000;
/** Three times as much as may wait. */
const LONG_MESSAGES = 100_000;
const CAPTURE_SECONDS = 60;
/** The limit of the inspector, when it is told no other. */
const STORED_MIB = 256;

export const inspectorMeasurement: Measurement = {
  summary: 'throughput and latency through the inspector, 20 000 packets/s with a page open, and the page itself',
  async report({ rounds, only }) {
    const parts: Readonly<Record<string, () => Promise<Report>>> = {
      throughput: () => throughput(rounds),
      latency,
      capture: () => capture(CAPTURE_SECONDS),
      // Its package prints what it measures.
      page: async () => ({ text: await measurePage(), figures: [] }),
    };
    const found: Report[] = [];
    for (const [name, part] of Object.entries(parts)) {
      if (name.includes(only)) found.push(await part());
    }
    return joinReports(found, '\n');
  },
};

async function throughput(rounds: number): Promise<Report> {
  const bursts = await measureThroughput(rounds, BURST_MESSAGES);
  const long = await measureThroughput(Math.ceil(rounds / 2), LONG_MESSAGES);
  const ratio = median(bursts.map(({ direct, proxied }) => proxied / direct)) * 100;
  const passing = median(bursts.map(({ inspectorCost }) => inspectorCost.passing.all));
  return {
    text:
      '1 kB QoS 0, client to broker to client, in turns: what the publisher sends goes directly, or through the inspector\n' +
      `${describeRounds(bursts, BURST_MESSAGES)}\n${describeRounds(long, LONG_MESSAGES)}`,
    figures: [
      gain('throughput, of what passes directly', ratio, '%'),
      gain(
        'throughput of many, of what passes directly',
        median(long.map((each) => each.proxied / each.direct)) * 100,
        '%',
      ),
      cost('processor time of the inspector while a message passes', passing, 'µs'),
    ],
  };
}

/** The median of the ratios of neighbours: a machine that is slower for a while is so for both. */
function describeRounds(rounds: readonly Round[], messages: number): string {
  const ratios = rounds.map(({ direct, proxied }) => (proxied / direct) * 100);
  const ratio = median(ratios);
  const others = median(rounds.map(({ othersCost }) => othersCost));
  const inspector = median(rounds.map(({ inspectorCost }) => inspectorCost.passing.all));
  return (
    `  ${messages} at a time: ${median(rounds.map(({ direct }) => direct)).toFixed(0)} messages/s directly ` +
    `(${range(rounds.map(({ direct }) => direct))}), ${median(rounds.map(({ proxied }) => proxied)).toFixed(0)} through it ` +
    `(${range(rounds.map(({ proxied }) => proxied))}): ${ratio.toFixed(0)} %, in each of ${rounds.length} rounds ` +
    `${range(ratios)} %, budget ${budgets.throughput * 100} % ${metIf(ratio >= budgets.throughput * 100)}\n` +
    `    processor time of a message, µs: clients and broker ${others.toFixed(1)}; inspector while it passes ` +
    `${describeCost(rounds.map(({ inspectorCost }) => inspectorCost.passing))}, until it is decoded ` +
    `${describeCost(rounds.map(({ inspectorCost }) => inspectorCost.decoded))}; by processor time alone ` +
    `${((others / (others + inspector)) * 100).toFixed(0)} % would pass`
  );
}

function describeCost(costs: readonly Shares[]): string {
  const part = (name: keyof Shares): string => median(costs.map((each) => each[name])).toFixed(2);
  return `${part('all')} (forwarding ${part('forwarding')}, decoding ${part('decoding')}, collector ${part('others')})`;
}

async function latency(): Promise<Report> {
  const { p50, p99 } = await measureLatency();
  const text =
    `added latency, one way: p50 ${p50.toFixed(3)} ms, budget ${budgets.p50Ms} ms ${metIf(p50 < budgets.p50Ms)}; ` +
    `p99 ${p99.toFixed(3)} ms, budget ${budgets.p99Ms} ms ${metIf(p99 < budgets.p99Ms)}`;
  return { text, figures: [cost('added latency, p50', p50, 'ms'), cost('added latency, p99', p99, 'ms')] };
}

async function capture(seconds: number): Promise<Report> {
  const seen = await measureCapture(seconds);
  const [full = 0, ...parts] = seen.residentBytes.map((bytes) => bytes / 1_048_576);
  const empty = seen.emptyBytes / 1_048_576;
  const most = Math.max(full, ...parts);
  const isAll = seen.decoded === seen.sent && seen.skippedBytes === 0;
  const isFast = seen.packetsPerSecond >= budgets.packetsPerSecond * 0.98;
  const text =
    `capture with a page: ${seen.packetsPerSecond.toFixed(0)} packets/s for ${seconds} s, ${seen.decoded} of ${seen.sent} ` +
    `decoded, ${seen.skippedBytes} bytes skipped, ${seen.pageMessages} messages to the page, ` +
    `${(seen.cpu * 100).toFixed(0)} % of a core ${metIf(isAll && isFast)}; resident memory: ${empty.toFixed(0)} MiB ` +
    `empty, ${full.toFixed(0)} full (after ${seen.filledWith} packets, ${STORED_MIB} MiB of them at most), then each sixth ` +
    `of the time: ${parts.map((each) => each.toFixed(0)).join(' ')} ` +
    metIf(most < full * budgets.growth && most - empty < STORED_MIB * budgets.memory);
  return { text, figures: [cost('resident memory, the most', most, 'MiB')] };
}

function range(values: readonly number[]): string {
  return `${Math.min(...values).toFixed(0)}–${Math.max(...values).toFixed(0)}`;
}

function metIf(isMet: boolean): string {
  return isMet ? 'met' : 'MISSED';
}
