/** Packets per second in both directions, with marks for findings and for connections that came and went. */
import { element } from '../dom/element.ts';
import type { Inspector } from '../inspector.ts';
import { formatCount } from '../time-format.ts';

const BAR_PX = 3;

export function timeline({ hub, model }: Inspector): HTMLElement {
  const canvas = element('canvas', { class: 'timeline', role: 'img', 'aria-label': 'Packets per second' });
  hub.on(['timeline', 'settings', 'feed'], () => draw(canvas, model.seconds));
  new ResizeObserver(() => draw(canvas, model.seconds)).observe(canvas);
  return canvas;
}

function draw(canvas: HTMLCanvasElement, seconds: Inspector['model']['seconds']): void {
  const { clientWidth: width, clientHeight: height } = canvas;
  const brush = canvas.getContext('2d');
  if (!brush || width === 0) return;
  canvas.width = width * devicePixelRatio;
  canvas.height = height * devicePixelRatio;
  brush.scale(devicePixelRatio, devicePixelRatio);
  const last = Math.max(0, ...seconds.keys());
  const shown = Math.floor(width / BAR_PX);
  const inSight = [...seconds.values()].filter(({ second }) => second > last - shown);
  const peak = Math.max(1, ...inSight.map(({ c2s, s2c }) => c2s + s2c));
  const style = getComputedStyle(canvas);
  const colour = (name: string): string => style.getPropertyValue(name);
  for (const { second, c2s, s2c, findings, opened, closed } of inSight) {
    const x = (second - last + shown - 1) * BAR_PX;
    const up = Math.ceil((c2s / peak) * (height - 4));
    const down = Math.ceil((s2c / peak) * (height - 4));
    brush.fillStyle = colour('--to-server');
    brush.fillRect(x, height - up, BAR_PX - 1, up);
    brush.fillStyle = colour('--to-client');
    brush.fillRect(x, height - up - down, BAR_PX - 1, down);
    brush.fillStyle = colour('--error');
    if (findings > 0) brush.fillRect(x, 0, BAR_PX - 1, 3);
    brush.fillStyle = colour('--quiet');
    if (opened + closed > 0) brush.fillRect(x, 4, BAR_PX - 1, 2);
  }
  const packets = inSight.reduce((sum, { c2s, s2c }) => sum + c2s + s2c, 0);
  canvas.setAttribute(
    'aria-label',
    `Packets per second: ${formatCount(packets)} in the last ${inSight.length} busy seconds, at most ${formatCount(peak)} in one`,
  );
}
