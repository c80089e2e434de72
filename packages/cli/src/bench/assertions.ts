/** `p99<20ms,loss=0`: what has to hold of a result. */
import { UsageError } from '../cli-error.ts';
import { parseDuration } from '../options/quantities.ts';
import type { BenchReport } from './bench-report.ts';

export interface Assertion {
  readonly text: string;
  readonly holds: (report: BenchReport) => boolean;
}

const counts = ['rate', 'loss', 'duplicates', 'errors', 'sent', 'received'] as const;
const times = { min: 'min', mean: 'mean', p50: 'p50', p90: 'p90', p99: 'p99', 'p99.9': 'p999', max: 'max' } as const;

export function parseAssertions(given: string): readonly Assertion[] {
  return given.split(',').map((text) => {
    const {
      name = '',
      operator = '',
      value = '',
    } = /^\s*(?<name>[a-z][\w.]*)\s*(?<operator><=|>=|<|>|=)\s*(?<value>\S+)\s*$/.exec(text)?.groups ?? {};
    const read = readerOf(name);
    if (read === undefined) {
      const names = [...counts, ...Object.keys(times)].join(', ');
      throw new UsageError(`--assert does not understand ${JSON.stringify(text)}: NAME<VALUE with ${names}`);
    }
    const limit = name in times ? millisecondsOf(value) : countOf(value);
    return { text: text.trim(), holds: (report) => compare(read(report), operator, limit) };
  });
}

function readerOf(name: string): ((report: BenchReport) => number) | undefined {
  const count = counts.find((candidate) => candidate === name);
  if (count !== undefined) return (report) => report[count];
  if (!Object.hasOwn(times, name)) return undefined;
  const key = times[name as keyof typeof times];
  // Without a measured time nothing can be said to hold.
  return ({ latency }) => latency?.[key] ?? Number.NaN;
}

/** A number without a unit is in milliseconds here, as in the report. */
function millisecondsOf(value: string): number {
  return /^\d+(?:\.\d+)?$/.test(value) ? Number(value) : parseDuration(value);
}

function countOf(value: string): number {
  const count = Number(value.replace(/k$/i, 'e3').replace(/M$/, 'e6'));
  if (Number.isFinite(count)) return count;
  throw new UsageError(`--assert compares with numbers, not with ${JSON.stringify(value)}`);
}

function compare(value: number, operator: string, limit: number): boolean {
  if (operator === '<') return value < limit;
  if (operator === '<=') return value <= limit;
  if (operator === '>') return value > limit;
  return operator === '>=' ? value >= limit : value === limit;
}
