/** Draws the timeline: packets in both directions, marks for findings and connections, and the range that is chosen. */
import type { SecondCount } from '../../src/api/tally-view.ts';
import { barOf, type TimeRange, type TimeScale } from './time-range.ts';

type Sums = { c2s: number; s2c: number; findings: number; connections: number };

/** The last bar ends where the picture does. */
export function leftOf({ bars, barPx }: TimeScale, widthPx: number): number {
  return widthPx - bars * barPx;
}

export interface TimelinePicture {
  readonly scale: TimeScale;
  readonly seconds: Iterable<SecondCount>;
  readonly range: TimeRange | undefined;
}

/** Returns the highest bar, in packets. */
export function drawTimeline(canvas: HTMLCanvasElement, { scale, seconds, range }: TimelinePicture): number {
  const { clientWidth: width, clientHeight: height } = canvas;
  const brush = canvas.getContext('2d');
  const bars = sumsOf(seconds, scale);
  const peak = Math.max(1, ...[...bars.values()].map(({ c2s, s2c }) => c2s + s2c));
  if (!brush || width === 0) return peak;
  canvas.width = width * devicePixelRatio;
  canvas.height = height * devicePixelRatio;
  brush.scale(devicePixelRatio, devicePixelRatio);
  const style = getComputedStyle(canvas);
  const fill = (colour: string, ...[x, y, w, h]: readonly [number, number, number, number]): void => {
    brush.fillStyle = style.getPropertyValue(colour);
    brush.fillRect(x, y, w, h);
  };
  const left = leftOf(scale, width);
  if (range) {
    const [from, to] = [barOf(range.from, scale), barOf(range.to - 0.001, scale) + 1];
    fill('--chosen', left + from * scale.barPx, 0, Math.max(1, to - from) * scale.barPx, height);
  }
  fill('--line', 0, height - 1, width, 1);
  const room = height - 9;
  for (const [bar, { c2s, s2c, findings, connections }] of bars) {
    const x = left + bar * scale.barPx;
    const up = Math.ceil((c2s / peak) * room);
    const down = Math.ceil((s2c / peak) * room);
    fill('--to-server', x, height - 1 - up, scale.barPx - 1, up);
    fill('--to-client', x, height - 1 - up - down, scale.barPx - 1, down);
    if (findings > 0) fill('--error', x, 0, scale.barPx - 1, 4);
    if (connections > 0) fill('--quiet', x, 5, scale.barPx - 1, 2);
  }
  return peak;
}

function sumsOf(seconds: Iterable<SecondCount>, scale: TimeScale): ReadonlyMap<number, Sums> {
  const bars = new Map<number, Sums>();
  for (const { second, c2s, s2c, findings, opened, closed } of seconds) {
    const bar = barOf(second, scale);
    if (bar < 0 || bar >= scale.bars) continue;
    const sums = bars.get(bar) ?? { c2s: 0, s2c: 0, findings: 0, connections: 0 };
    bars.set(bar, sums);
    sums.c2s += c2s;
    sums.s2c += s2c;
    sums.findings += findings;
    sums.connections += opened + closed;
  }
  return bars;
}
