/** The result of a measurement, in four forms. */
import type { ReportForm } from '../options/bench-options.ts';
import { describeLatency, type LatencySummary } from '../measure/histogram.ts';

export interface BenchReport {
  readonly bench: string;
  readonly clients: number;
  readonly qos: number;
  readonly size: number;
  readonly seconds: number;
  /** Over the whole run, warm-up included, so that nothing is lost between the two. */
  readonly sent: number;
  readonly received: number;
  readonly loss: number;
  readonly duplicates: number;
  readonly errors: number;
  /** Measured without the warm-up. */
  readonly rate: number;
  readonly bytesPerSecond: number;
  /** What each cost this process: a bench that has a core to itself is as fast as it gets. */
  readonly cpuNanoseconds: number;
  readonly latency: LatencySummary | undefined;
}

export function formatReport(report: BenchReport, form: ReportForm): string {
  if (form === 'json') return JSON.stringify({ v: 1, ...report });
  if (form === 'text') return textOf(report);
  const row = flat(report);
  const [names, values] = [Object.keys(row), Object.values(row)];
  if (form === 'csv') return `${names.join(',')}\n${values.join(',')}`;
  return `| ${names.join(' | ')} |\n|${names.map(() => ' --- |').join('')}\n| ${values.join(' | ')} |`;
}

function textOf(report: BenchReport): string {
  const { bench, clients, qos, size, seconds, sent, received, loss, duplicates, errors, rate, latency } = report;
  const unit = bench === 'conn' ? 'connections' : 'messages';
  return [
    `${bench}: ${clients} clients, QoS ${qos}, ${size} bytes, ${seconds} s`,
    `${rate} ${unit}/s${bench === 'conn' ? '' : `, ${(report.bytesPerSecond / 1e6).toFixed(2)} MB/s`}, ${(report.cpuNanoseconds / 1000).toFixed(1)} µs of CPU time for each`,
    `sent ${sent}, arrived ${received}, lost ${loss}, twice ${duplicates}, errors ${errors}`,
    ...(latency === undefined ? [] : [describeLatency(latency)]),
  ].join('\n');
}

function flat({ latency, ...rest }: BenchReport): Readonly<Record<string, string | number>> {
  const { min, mean, p50, p90, p99, p999, max } = latency ?? {};
  return {
    ...rest,
    min: min ?? '',
    mean: mean ?? '',
    p50: p50 ?? '',
    p90: p90 ?? '',
    p99: p99 ?? '',
    'p99.9': p999 ?? '',
    max: max ?? '',
  };
}
