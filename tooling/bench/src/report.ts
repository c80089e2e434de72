/** What a benchmark found, for the terminal. */
import type { Comparison } from './comparison.ts';
import { formatTable, type Column } from './table.ts';

const columns: readonly Column<Comparison>[] = [
  { title: 'case', cell: ({ contest }) => contest },
  { title: 'peer', cell: ({ peer }) => peer },
  { title: 'ours ns', cell: ({ ourNanoseconds }) => ourNanoseconds.toFixed(0), align: 'right' },
  { title: 'peer ns', cell: ({ peerNanoseconds }) => peerNanoseconds.toFixed(0), align: 'right' },
  { title: 'ratio', cell: ({ ratio }) => threeDigits(ratio.median), align: 'right' },
  { title: 'min–max', cell: ({ ratio }) => `${threeDigits(ratio.least)}–${threeDigits(ratio.most)}`, align: 'right' },
  { title: 'budget', cell: budgetCell },
  { title: 'ours B', cell: ({ ourBytes }) => wholeBytes(ourBytes), align: 'right' },
  { title: 'peer B', cell: ({ peerBytes }) => wholeBytes(peerBytes), align: 'right' },
];

export function textReport(comparisons: readonly Comparison[]): string {
  return `${formatTable(columns, comparisons)}\n\n${legend}\n${budgetSummary(comparisons)}`;
}

const legend = `ns: median CPU time per packet (user and system, all threads). ratio: peer by ours; above 1 we are faster.
min–max: the ratios of single rounds. B: bytes allocated per packet, heap and array buffers.`;

function budgetSummary(comparisons: readonly Comparison[]): string {
  const judged = comparisons.flatMap(({ contest, ratio, budget }) => (budget ? [{ contest, ratio, budget }] : []));
  const missed = judged.filter(({ budget }) => !budget.isMet);
  const names = missed.map(({ contest, ratio, budget }) => {
    return `${contest} (${threeDigits(ratio.median)} instead of ${budget.ratio})`;
  });
  const list = names.length > 0 ? `; missed: ${names.join(', ')}` : '';
  return `Budgets: ${judged.length - missed.length} of ${judged.length} met${list}.`;
}

function budgetCell({ budget }: Comparison): string {
  return budget === undefined ? '' : `≥ ${budget.ratio} ${budget.isMet ? 'met' : 'missed'}`;
}

function threeDigits(ratio: number): string {
  return ratio.toFixed(ratio < 10 ? 2 : 1);
}

function wholeBytes(bytes: number | null): string {
  return bytes === null ? '–' : bytes.toFixed(0);
}
