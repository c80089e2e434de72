/** Few numbers for many. */

export interface Spread {
  readonly median: number;
  readonly least: number;
  readonly most: number;
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const upper = sorted[Math.floor(sorted.length / 2)];
  const lower = sorted[Math.ceil(sorted.length / 2) - 1];
  if (upper === undefined || lower === undefined) throw new RangeError('the median of no values does not exist');
  return (lower + upper) / 2;
}

/** How many times as much the peer took as we did; `median` compares the medians, the ends come from single rounds. */
export function spreadOfRatios(ours: readonly number[], peer: readonly number[]): Spread {
  const ratios = ours.map((own, round) => (peer[round] ?? Number.NaN) / own);
  return { median: median(peer) / median(ours), least: Math.min(...ratios), most: Math.max(...ratios) };
}
