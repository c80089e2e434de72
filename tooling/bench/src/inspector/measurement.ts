/** What the inspector costs those between whom it stands, and how much it can follow. */
import type { Measurement } from '../contest.ts';
import { cost, gain, joinReports, type Report } from '../figures.ts';
import { median } from '../statistics.ts';
import { measureCapture } from './capture.ts';
import { measureLatency } from './latency.ts';
import { measurePage } from './page.ts';
import { measureThroughput } from './throughput.ts';

const budgets = { throughput: 0.8, p50Ms: 0.2, p99Ms: 1, packetsPerSecond: 20_000, growth: 1.2, memory: 2 };
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
  const { direct, proxied } = await measureThroughput(rounds);
  const ratio = median(proxied) / median(direct);
  const pairs = proxied.map((each, round) => (each / (direct[round] ?? Number.NaN)) * 100);
  const text =
    `1 kB QoS 0, client to broker to client, in turns: ${median(direct).toFixed(0)} messages/s directly (${range(direct)}), ` +
    `${median(proxied).toFixed(0)} through the inspector (${range(proxied)}): ${(ratio * 100).toFixed(0)} %, in each of ` +
    `${pairs.length} rounds ${range(pairs)} %, budget ${budgets.throughput * 100} % ${metIf(ratio >= budgets.throughput)}`;
  return { text, figures: [gain('throughput, of what passes directly', ratio * 100, '%')] };
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
