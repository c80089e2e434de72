/** The values of the filter language: numbers with units, times, patterns. */
import type { FieldKind } from './filter-fields.ts';

const units: Readonly<Partial<Record<FieldKind, Readonly<Record<string, number>>>>> = {
  milliseconds: { '': 1, us: 0.001, ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 },
  bytes: { '': 1, b: 1, k: 1000, kb: 1000, kib: 1024, m: 1e6, mb: 1e6, mib: 1_048_576 },
  number: { '': 1 },
};

/** `undefined` when the text is no number of this kind. */
export function numberOf(text: string, kind: FieldKind): number | undefined {
  if (/^0x[0-9a-f]+$/i.test(text)) return Number.parseInt(text, 16);
  const [, digits, unit = ''] = /^(-?\d+(?:\.\d+)?)([a-z]*)$/i.exec(text) ?? [];
  const factor = units[kind]?.[unit.toLowerCase()];
  return digits === undefined || factor === undefined ? undefined : Number(digits) * factor;
}

export const unitNames: Readonly<Partial<Record<FieldKind, string>>> = {
  milliseconds: 'a time such as 200ms, 5s or 2m',
  bytes: 'a size such as 100, 4k or 1MiB',
  number: 'a number such as 7 or 0x87',
  time: 'a time such as 12:30 or 2026-01-31T12:30:00Z',
};

const DAY_MS = 86_400_000;

/** What to compare: milliseconds since 1970, or since midnight when only the time of day is said. */
export function timeOf(text: string): { readonly at: number; readonly isOfDay: boolean } | undefined {
  const [, hours, minutes, seconds = '0'] = /^(\d\d?):(\d\d)(?::(\d\d(?:\.\d+)?))?$/.exec(text) ?? [];
  if (hours !== undefined) {
    return { at: (Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)) * 1000, isOfDay: true };
  }
  const at = /^\d{4}-\d\d-\d\d/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(at) ? undefined : { at, isOfDay: false };
}

export function timeOfDay(at: number): number {
  return ((at % DAY_MS) + DAY_MS) % DAY_MS;
}

/** Text with `*` for anything, without regard to case. */
export function globOf(text: string): RegExp {
  const escaped = text.split('*').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${escaped.join('[^]*')}$`, 'iu');
}

/** `undefined` when it is no regular expression. */
export function patternOf(text: string, flags: string): RegExp | undefined {
  try {
    // Without `g` and `y`, which remember where they were.
    return new RegExp(text, flags.replace(/[gy]/g, ''));
  } catch {
    return undefined;
  }
}
