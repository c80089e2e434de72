/** Whether numbers over time rise, or only wander. */

export interface Point {
  readonly second: number;
  readonly value: number;
}

export interface Trend {
  /** Of the line that fits best, for a minute. */
  readonly perMinute: number;
  /** How far that line rises from the first point to the last. */
  readonly rise: number;
  /** How far the points are away from the line: their standard deviation. */
  readonly wander: number;
}

/** By least squares. */
export function trendOf(points: readonly Point[]): Trend {
  if (points.length < 3) throw new RangeError('a trend takes at least three points');
  const middle = mean(points.map(({ second }) => second));
  const level = mean(points.map(({ value }) => value));
  let [top, bottom] = [0, 0];
  for (const { second, value } of points) {
    top += (second - middle) * (value - level);
    bottom += (second - middle) ** 2;
  }
  const slope = top / bottom;
  const seconds = (points.at(-1)?.second ?? 0) - (points[0]?.second ?? 0);
  const rest = points.map(({ second, value }) => (value - level - slope * (second - middle)) ** 2);
  return { perMinute: slope * 60, rise: slope * seconds, wander: Math.sqrt(mean(rest)) };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
