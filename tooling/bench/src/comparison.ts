/** One contest between us and one peer, in numbers. */
import type { Allocation } from './allocation.ts';
import type { Peer } from './contest.ts';
import type { Timing } from './cpu-time.ts';
import { cost, gain, type Figure } from './figures.ts';
import { median, spreadOfRatios, type Spread } from './statistics.ts';

export interface Comparison {
  readonly contest: string;
  readonly peer: string;
  readonly ourNanoseconds: number;
  readonly peerNanoseconds: number;
  /** CPU time of the peer by ours: above 1 we are faster. */
  readonly ratio: Spread;
  readonly budget?: { readonly ratio: number; readonly isMet: boolean };
  /** Allocated per packet; `null` where it could not be measured. */
  readonly ourBytes: number | null;
  readonly peerBytes: number | null;
}

/** One comparison for each peer. */
export function comparePeers(
  { name, peers }: { readonly name: string; readonly peers: readonly Peer[] },
  timing: Timing,
  allocation: Allocation,
): Comparison[] {
  const [ours = [], ...theirs] = timing;
  return peers.map((peer, index) => {
    const times = theirs[index] ?? [];
    const ratio = spreadOfRatios(ours, times);
    return {
      contest: name,
      peer: peer.name,
      ourNanoseconds: median(ours),
      peerNanoseconds: median(times),
      ratio,
      ...(peer.budget !== undefined && { budget: { ratio: peer.budget, isMet: ratio.median >= peer.budget } }),
      ourBytes: allocation[0] ?? null,
      peerBytes: allocation[index + 1] ?? null,
    };
  });
}

export function figuresOf({ contest, peer, ourNanoseconds, peerNanoseconds, ratio }: Comparison): readonly Figure[] {
  return [
    cost(`${contest} · omqtt`, ourNanoseconds, 'ns'),
    cost(`${contest} · ${peer}`, peerNanoseconds, 'ns'),
    gain(`${contest}, ${peer} by ours`, ratio.median, '×'),
  ];
}
