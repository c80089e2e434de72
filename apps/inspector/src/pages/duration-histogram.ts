/** Percentiles of durations without keeping them: buckets that are 5 % wide. */

const GROWTH = 1.05;
const SMALLEST_MS = 0.01;
/** Up to about three hours. */
const BUCKETS = 430;

export class DurationHistogram {
  readonly #buckets = new Float64Array(BUCKETS);
  #count = 0;
  #max = 0;

  add(milliseconds: number): void {
    const index = Math.ceil(Math.log(Math.max(milliseconds, SMALLEST_MS) / SMALLEST_MS) / Math.log(GROWTH));
    const bucket = Math.min(BUCKETS - 1, index);
    this.#buckets[bucket] = (this.#buckets[bucket] ?? 0) + 1;
    this.#count += 1;
    this.#max = Math.max(this.#max, milliseconds);
  }

  view(): { readonly count: number; readonly p50: number; readonly p99: number; readonly max: number } | undefined {
    if (this.#count === 0) return undefined;
    return { count: this.#count, p50: this.#percentile(0.5), p99: this.#percentile(0.99), max: this.#max };
  }

  #percentile(share: number): number {
    const wanted = share * this.#count;
    let seen = 0;
    for (const [index, count] of this.#buckets.entries()) {
      seen += count;
      if (seen >= wanted) return Math.min(this.#max, SMALLEST_MS * GROWTH ** index);
    }
    return this.#max;
  }
}
