/**
 * Times in buckets that grow with them: 128 in each power of two, so that a percentile is right to less than 1 %, however
 * many there were. Exact at the ends.
 */
const STEPS = 128;
const STEP_BITS = 7;
/** Microseconds; half an hour is enough for a round trip. */
const MOST_US = 2 ** 31 - 1;

export class Histogram {
  /** Of a fixed size: counting costs the same for the first and the last. */
  readonly #counts = new Float64Array(bucketOf(MOST_US) + 1);
  #count = 0;
  #sumMs = 0;
  #leastMs = Infinity;
  #mostMs = 0;

  /** So many took that long. */
  add(milliseconds: number, count = 1): void {
    this.#count += count;
    this.#sumMs += milliseconds * count;
    this.#leastMs = Math.min(this.#leastMs, milliseconds);
    this.#mostMs = Math.max(this.#mostMs, milliseconds);
    const bucket = bucketOf(Math.min(MOST_US, Math.max(0, Math.round(milliseconds * 1000))));
    this.#counts[bucket] = (this.#counts[bucket] ?? 0) + count;
  }

  get count(): number {
    return this.#count;
  }

  /** Milliseconds; 0 to 100. */
  percentile(percent: number): number {
    if (this.#count === 0) return 0;
    const wanted = Math.max(1, Math.ceil((percent / 100) * this.#count));
    let seen = 0;
    for (const [bucket, count] of this.#counts.entries()) {
      seen += count ?? 0;
      // Never beyond what was measured.
      if (seen >= wanted) return Math.min(this.#mostMs, Math.max(this.#leastMs, middleOf(bucket) / 1000));
    }
    return this.#mostMs;
  }

  /** Rounded to a microsecond. */
  summary(): LatencySummary {
    return {
      count: this.#count,
      min: rounded(this.#count === 0 ? 0 : this.#leastMs),
      mean: rounded(this.#count === 0 ? 0 : this.#sumMs / this.#count),
      p50: rounded(this.percentile(50)),
      p90: rounded(this.percentile(90)),
      p99: rounded(this.percentile(99)),
      p999: rounded(this.percentile(99.9)),
      max: rounded(this.#mostMs),
    };
  }
}

function rounded(milliseconds: number): number {
  return Number(milliseconds.toFixed(3));
}

/** Milliseconds. */
export interface LatencySummary {
  readonly count: number;
  readonly min: number;
  readonly mean: number;
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly p999: number;
  readonly max: number;
}

export function describeLatency({ min, p50, p90, p99, p999, max }: LatencySummary): string {
  return `min ${min} p50 ${p50} p90 ${p90} p99 ${p99} p99.9 ${p999} max ${max} ms`;
}

function bucketOf(microseconds: number): number {
  if (microseconds < STEPS * 2) return microseconds;
  const shift = 31 - Math.clz32(microseconds) - STEP_BITS;
  return (shift + 1) * STEPS + ((microseconds >>> shift) - STEPS);
}

function middleOf(bucket: number): number {
  if (bucket < STEPS * 2) return bucket;
  const shift = Math.floor(bucket / STEPS) - 1;
  return ((bucket % STEPS) + STEPS + 0.5) * 2 ** shift;
}
