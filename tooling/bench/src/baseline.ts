/** What has changed since another run, whose results `--json` has written. */
import { readFileSync } from 'node:fs';
import type { Figure } from './figures.ts';
import { UsageError } from './options.ts';
import { formatTable, type Column } from './table.ts';

export interface Results {
  readonly machine: string;
  readonly rounds: number;
  /** By the name of the benchmark. */
  readonly results: Readonly<Record<string, readonly Figure[]>>;
}

interface Change {
  readonly figure: Figure;
  readonly before: number;
}

/** Throws a `UsageError` if the file holds something else. */
export function readResults(path: string): Results {
  let parsed: unknown;
  try {
    parsed = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new UsageError(`${path} cannot be read: ${(error as Error).message}`, { cause: error });
  }
  if (!isResults(parsed)) throw new UsageError(`${path} is not what --json writes.`);
  return parsed;
}

/** A line for each figure that both runs have. */
export function changesSince(before: Results, now: Results): string {
  const changes = Object.entries(now.results).flatMap(([benchmark, figures]) => {
    const earlier = new Map(before.results[benchmark]?.map(({ name, value }) => [name, value]));
    return figures.flatMap((figure): Change[] => {
      const value = earlier.get(figure.name);
      return value === undefined ? [] : [{ figure, before: value }];
    });
  });
  if (changes.length === 0) return 'Nothing of this was measured in the earlier run.';
  const elsewhere =
    before.machine === now.machine ? '' : `\nThe earlier run was on another machine: ${before.machine}.`;
  return `${formatTable(columns, changes)}\n\nRatios (×) compare what ran side by side; the rest moves with the machine.${elsewhere}`;
}

const columns: readonly Column<Change>[] = [
  { title: 'since the earlier run', cell: ({ figure }) => figure.name },
  { title: 'before', cell: ({ before }) => shown(before), align: 'right' },
  { title: 'now', cell: ({ figure }) => shown(figure.value), align: 'right' },
  { title: 'unit', cell: ({ figure }) => figure.unit },
  { title: 'change', cell: changeOf, align: 'right' },
];

function changeOf({ figure: { value, better }, before }: Change): string {
  if (before === 0) return value === 0 ? '0 %' : '–';
  const percent = Math.round((value / before - 1) * 100);
  if (percent === 0) return '0 %';
  const isBetter = percent < 0 === (better === 'less');
  return `${percent > 0 ? '+' : ''}${percent} % ${isBetter ? 'better' : 'worse'}`;
}

function shown(value: number): string {
  return Math.abs(value) < 100 ? Number(value.toPrecision(3)).toString() : value.toFixed(0);
}

function isResults(value: unknown): value is Results {
  if (typeof value !== 'object' || value === null) return false;
  const { machine, results } = value as { readonly machine?: unknown; readonly results?: unknown };
  if (typeof machine !== 'string' || typeof results !== 'object' || results === null) return false;
  return Object.values(results).every((figures) => Array.isArray(figures) && figures.every(isFigure));
}

function isFigure(value: unknown): value is Figure {
  if (typeof value !== 'object' || value === null) return false;
  const { name, value: number } = value as { readonly name?: unknown; readonly value?: unknown };
  return typeof name === 'string' && typeof number === 'number';
}
