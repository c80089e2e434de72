import type { Row } from './coverage.ts';
import { sides } from './side.ts';
import type { Side } from './side.ts';
import { kinds, versions } from './statement.ts';
import type { Kind, Version } from './statement.ts';

/** How many statements of one kind are covered, on one side of one version. */
export interface Count {
  readonly side: Side;
  readonly version: Version;
  readonly kind: Kind;
  readonly covered: number;
  readonly open: number;
  readonly excepted: number;
}

export function countRows(rows: readonly Row[]): readonly Count[] {
  return sides.flatMap((side) =>
    versions.flatMap((version) =>
      kinds.map((kind) => {
        const states = rows
          .filter((row) => row.side === side)
          .filter(({ statement }) => statement.version === version && statement.check === kind)
          .map(({ state }) => state);
        return {
          side,
          version,
          kind,
          covered: states.filter((state) => state === 'covered').length,
          open: states.filter((state) => state === 'open').length,
          excepted: states.filter((state) => state === 'excepted').length,
        };
      }),
    ),
  );
}

const headings: Readonly<Record<Side, string>> = {
  client: 'Client library (tests of every package but the broker)',
  server: 'Embedded broker (its own tests; not-applicable = nothing a client could show)',
};

/** The counts as two tables in plain text, one a side. */
export function summaryText(rows: readonly Row[]): string {
  const counts = countRows(rows);
  return sides
    .map((side) =>
      sideTable(
        side,
        counts.filter((count) => count.side === side),
      ),
    )
    .join('\n\n');
}

function sideTable(side: Side, counts: readonly Count[]): string {
  const lines = versions.flatMap((version) => {
    const ofVersion = counts.filter((count) => count.version === version);
    const shown = ofVersion.filter(({ covered, open, excepted }) => covered + open + excepted > 0);
    if (shown.length === 0) return [];
    return [
      ...shown.map((count) => tableLine(version, count.kind, count)),
      tableLine(version, 'all', {
        covered: sum(shown.map(({ covered }) => covered)),
        open: sum(shown.map(({ open }) => open)),
        excepted: sum(shown.map(({ excepted }) => excepted)),
      }),
    ];
  });
  return [headings[side], ...lines].join('\n');
}

function tableLine(
  version: Version,
  label: string,
  { covered, open, excepted }: Pick<Count, 'covered' | 'open' | 'excepted'>,
): string {
  const exceptions = excepted === 0 ? '' : `${cell(excepted)} excepted`;
  return `  ${version.padEnd(6)} ${label.padEnd(15)}${cell(covered)} covered${cell(open)} open${exceptions}`;
}

function cell(count: number): string {
  return String(count).padStart(4);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
