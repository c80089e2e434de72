/** A part of the time that a capture took, as terms of the filter, and the scale of the timeline that shows it. */

/** Seconds since 1970: from, up to but without. */
export interface TimeRange {
  readonly from: number;
  readonly to: number;
}

const TERM = /\btime(>=|<)(\d{4}-\d\d-\d\dT[\d:.]+Z)/g;

/** The range that the filter asks for, when both of its ends are there. */
export function rangeOf(filter: string): TimeRange | undefined {
  const ends = new Map(
    [...filter.matchAll(TERM)].map(([, operator, time = '']) => [operator, Date.parse(time) / 1000]),
  );
  const [from, to] = [ends.get('>='), ends.get('<')];
  return from === undefined || to === undefined || !(to > from) ? undefined : { from, to };
}

/** The filter with another range, or without one. */
export function withRange(filter: string, range: TimeRange | undefined): string {
  const rest = filter
    .replace(TERM, '')
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/^\((.*)\)$/, unwrap);
  if (!range) return rest;
  const terms = `time>=${iso(range.from)} time<${iso(range.to)}`;
  if (rest === '') return terms;
  return / or /.test(rest) ? `(${rest}) ${terms}` : `${rest} ${terms}`;
}

/** Takes away the brackets that were put around the whole for the range. */
function unwrap(whole: string, inner: string): string {
  return /[()]/.test(inner) ? whole : inner;
}

function iso(second: number): string {
  return new Date(second * 1000).toISOString().replace('.000Z', 'Z');
}

/** Bars of one length each, the last of which ends with the last second. */
export interface TimeScale {
  readonly first: number;
  readonly secondsPerBar: number;
  readonly bars: number;
  readonly barPx: number;
}

const NARROWEST_PX = 3;
const WIDEST_PX = 10;

/** From the first second to behind the last one; `undefined` without any. */
export function wholeOf(seconds: Iterable<number>): TimeRange | undefined {
  let from = Infinity;
  let to = -Infinity;
  for (const second of seconds) {
    from = Math.min(from, second);
    to = Math.max(to, second + 1);
  }
  return to > from ? { from, to } : undefined;
}

/** The range fills the picture; what is shorter than its bars, when all is shown, stands at their end. */
export function scaleOf(range: TimeRange | undefined, widthPx: number, widestPx: number = WIDEST_PX): TimeScale {
  const span = range ? range.to - range.from : 1;
  const barPx = Math.max(NARROWEST_PX, Math.min(widestPx, Math.floor(widthPx / span)));
  const bars = Math.max(1, Math.floor(widthPx / barPx));
  if (!range) return { first: 0, secondsPerBar: 1, bars, barPx };
  const secondsPerBar = Math.ceil(span / bars);
  return { first: range.to - bars * secondsPerBar, secondsPerBar, bars, barPx };
}

/** Nearer than this there is nothing more to see: seconds are what is counted. */
const SHORTEST_ZOOM_SECONDS = 10;

export interface Zoom {
  readonly whole: TimeRange;
  readonly shown: TimeRange;
  /** How long the range becomes; less than 1 is nearer. */
  readonly factor: number;
  /** The second that stays where it is. */
  readonly at: number;
}

/** `undefined` when that is all there is. */
export function zoomed({ whole, shown, factor, at }: Zoom): TimeRange | undefined {
  const length = shown.to - shown.from;
  const span = Math.max(SHORTEST_ZOOM_SECONDS, Math.round(length * factor));
  if (span >= whole.to - whole.from) return undefined;
  const wanted = Math.round(at - ((at - shown.from) / length) * span);
  const from = Math.max(whole.from, Math.min(whole.to - span, wanted));
  return { from, to: from + span };
}

export function barOf(second: number, { first, secondsPerBar }: TimeScale): number {
  return Math.floor((second - first) / secondsPerBar);
}

/** The range of some bars, in whichever order. */
export function rangeOfBars(one: number, other: number, { first, secondsPerBar, bars }: TimeScale): TimeRange {
  const clamp = (bar: number): number => Math.max(0, Math.min(bars - 1, bar));
  const [low, high] = [clamp(Math.min(one, other)), clamp(Math.max(one, other))];
  return { from: first + low * secondsPerBar, to: first + (high + 1) * secondsPerBar };
}
