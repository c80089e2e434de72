/** Numbers with their units: `250ms`, `5s`, `2m`, `4k`, `1MiB`. */
import { UsageError } from '../cli-error.ts';
import type { Range } from './option.ts';

export function parseInteger(text: string, { least = 0, most = Number.MAX_SAFE_INTEGER }: Range = {}): number {
  const value = /^-?\d+$/.test(text.trim()) ? Number(text) : Number.NaN;
  if (value >= least && value <= most) return value;
  const upTo = most === Number.MAX_SAFE_INTEGER ? `from ${least}` : `from ${least} to ${most}`;
  throw new UsageError(`is a whole number ${upTo}, not ${JSON.stringify(text)}`);
}

const milliseconds: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  '': 1000,
  m: 60_000,
  min: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/** A timer of the platform takes no longer ones, and ends at once instead: 24.8 days. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

export function parseDuration(text: string, { least = 0, most = LONGEST_TIMER_MS }: Range = {}): number {
  const { amount, unit = '' } = /^(?<amount>\d+(?:\.\d+)?)\s*(?<unit>[a-z]*)$/i.exec(text.trim())?.groups ?? {};
  const value = Number(amount ?? Number.NaN) * (milliseconds[unit.toLowerCase()] ?? Number.NaN);
  if (value >= least && value <= most) return value;
  const upTo = value > most ? `, and at most ${wholeUnits(most)}` : '';
  throw new UsageError(`is a time such as 250ms, 5s, 2m or 1h${upTo}, not ${JSON.stringify(text)}`);
}

function wholeUnits(durationMs: number): string {
  const days = Math.floor(durationMs / 86_400_000);
  return days > 0 ? `${days} days` : `${Math.floor(durationMs / 1000)}s`;
}

const bytes: Readonly<Record<string, number>> = {
  '': 1,
  b: 1,
  k: 1000,
  kb: 1000,
  kib: 1024,
  m: 1_000_000,
  mb: 1_000_000,
  mib: 1_048_576,
};

export function parseSize(text: string): number {
  const { amount, unit = '' } = /^(?<amount>\d+(?:\.\d+)?)\s*(?<unit>[a-z]*)$/i.exec(text.trim())?.groups ?? {};
  const value = Math.floor(Number(amount ?? Number.NaN) * (bytes[unit.toLowerCase()] ?? Number.NaN));
  if (value >= 0 && value <= 268_435_460) return value;
  throw new UsageError(`is a size such as 100, 4k or 1MiB, up to 256 MiB, not ${JSON.stringify(text)}`);
}
