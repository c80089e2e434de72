/** What the simulation prints at its end. */
import { inspect } from 'node:util';
import { HistoryFailure, type CampaignReport } from './campaign.ts';
import { describePlan } from './plan-text.ts';

export function describeReport({ histories, steps, coverage }: CampaignReport): string {
  const kinds = [...coverage.counts].toSorted(([a], [b]) => (a < b ? -1 : 1));
  return [
    `${perHistory(packetsOf(coverage.counts))} packets and ${perHistory(steps)} steps in a history`,
    ...kinds.map(([kind, count]) => `${String(count).padStart(11)} ${kind}`),
  ].join('\n');

  function perHistory(count: number): string {
    return (count / Math.max(1, histories)).toFixed(1);
  }
}

/** Packets that arrived at the broker, and those that it sent. */
export function packetsOf(counts: ReadonlyMap<string, number>): number {
  let packets = 0;
  for (const [kind, count] of counts) {
    if (/^(up|down): /.test(kind) && !kind.includes('alias')) packets += count;
  }
  return packets;
}

/** Everything that it takes to see the failure again; `choices` are the options that the histories were made with. */
export function describeFailure(error: unknown, choices = ''): string {
  if (!(error instanceof HistoryFailure)) return inspect(error);
  const { seed, number, plan, cause } = error;
  return [
    error.message,
    describePlan(plan),
    `  again: npm run simulate -- --seed ${seed} --only-history ${number}${choices}`,
    ...(cause instanceof Error ? [cause.stack ?? ''] : []),
  ].join('\n');
}
