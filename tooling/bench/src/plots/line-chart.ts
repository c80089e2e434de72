/** A picture of one number over time. */
import { CHART_WIDTH, escapeText, frame } from './bar-chart.ts';

export interface LineChart {
  readonly title: string;
  readonly note: string;
  readonly unit: string;
  /** By time, which is in seconds. */
  readonly points: readonly { readonly second: number; readonly value: number }[];
}

const HEIGHT = 300;
const [LEFT, RIGHT, TOP, BOTTOM] = [70, 16, 64, 36];

/** From zero, so that a flat line looks flat. */
export function drawLine({ title, note, unit, points }: LineChart): string {
  const lastSecond = Math.max(...points.map(({ second }) => second));
  const top = Math.max(...points.map(({ value }) => value)) * 1.1;
  const x = (second: number): number => LEFT + ((CHART_WIDTH - LEFT - RIGHT) * second) / lastSecond;
  const y = (value: number): number => HEIGHT - BOTTOM - ((HEIGHT - TOP - BOTTOM) * value) / top;
  const path = points.map(({ second, value }) => `${x(second).toFixed(1)},${y(value).toFixed(1)}`).join(' ');
  const marks = [0, top / 2, top].map(
    (value) =>
      `<line class="axis" x1="${LEFT}" x2="${CHART_WIDTH - RIGHT}" y1="${y(value).toFixed(1)}" y2="${y(value).toFixed(1)}" stroke-width="0.5"/>` +
      `<text class="value" x="${LEFT - 8}" y="${(y(value) + 4).toFixed(1)}" text-anchor="end">${value.toFixed(value < 10 ? 1 : 0)} ${escapeText(unit)}</text>`,
  );
  const end = `<text class="value" x="${CHART_WIDTH - RIGHT}" y="${HEIGHT - 12}" text-anchor="end">${Math.round(lastSecond)} s</text>`;
  const start = `<text class="value" x="${LEFT}" y="${HEIGHT - 12}">0</text>`;
  return frame({
    title,
    note,
    height: HEIGHT,
    content: [...marks, `<polyline class="line" points="${path}"/>`, start, end],
  });
}
