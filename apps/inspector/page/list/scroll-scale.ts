/**
 * Which rows a scroll bar shows. Browsers bound how high an element may be (Firefox about 17.9 million pixels, Chromium 33.5),
 * so past `HIGHEST_PX` the bar stands for more than it measures: its ends are still the ends of the list.
 */

export const ROW_PX = 24;
const HIGHEST_PX = 12_000_000;

export interface Scale {
  /** How many rows the list has. */
  readonly count: number;
  /** The part of the screen that shows rows. */
  readonly heightPx: number;
}

/** How high the list makes itself. */
export function heightOf({ count }: Scale): number {
  return Math.min(HIGHEST_PX, count * ROW_PX);
}

/** The row at the top, with a fraction; 0 is the first one. */
export function topRowOf(scrollPx: number, scale: Scale): number {
  const range = heightOf(scale) - scale.heightPx;
  if (range <= 0) return 0;
  return (Math.min(scrollPx, range) / range) * lastTopRow(scale);
}

/** Where the bar has to stand so that this row is at the top. */
export function scrollOf(topRow: number, scale: Scale): number {
  const range = heightOf(scale) - scale.heightPx;
  const last = lastTopRow(scale);
  return range <= 0 || last <= 0 ? 0 : (Math.max(0, Math.min(last, topRow)) / last) * range;
}

/** The row at the top when the end of the list is at the bottom. */
export function lastTopRow({ count, heightPx }: Scale): number {
  return Math.max(0, count - heightPx / ROW_PX);
}
