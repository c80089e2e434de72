import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readResults } from '../src/baseline.ts';
import { cost } from '../src/figures.ts';
import { drawBars } from '../src/plots/bar-chart.ts';
import { drawCharts } from '../src/plots/charts.ts';

describe('the pictures', () => {
  const results = {
    receive: [
      cost('receive QoS 0, 64 B · omqtt', 500, 'ns'),
      cost('receive QoS 0, 64 B · MQTT.js', 1500, 'ns'),
      cost('receive QoS 0, 64 KiB · omqtt', 900, 'ns'),
      cost('receive QoS 0, 64 B, MQTT.js by ours', 3, '×'),
    ],
    soak: [0, 10, 20].map((second) => cost(`heap after ${second} s`, 12, 'MiB')),
  };
  const pictures = drawCharts({ machine: 'a machine', rounds: 5, results });

  test('are those that there are figures for', () => {
    expect([...pictures.keys()]).toEqual(['receive.svg', 'soak.svg']);
  });

  test('show each contestant as a bar that is as long as its figure is large', () => {
    const picture = pictures.get('receive.svg') ?? '';
    const widths = [...picture.matchAll(/<rect class="c\d" x="250".*? width="([\d.]+)"/g)].map(([, width]) =>
      Number(width),
    );
    expect(widths).toHaveLength(2);
    expect((widths[1] ?? 0) / (widths[0] ?? 1)).toBeCloseTo(3, 1);
    expect(picture).toContain('>500 ns<');
    expect(picture).not.toContain('64 KiB');
  });

  test('show memory over time as a line from zero', () => {
    const points = /points="([^"]+)"/.exec(pictures.get('soak.svg') ?? '')?.[1]?.split(' ') ?? [];
    expect(points).toHaveLength(3);
    expect(new Set(points.map((point) => point.split(',')[1])).size).toBe(1);
  });

  test('have room for the longest name, which ends before the bars begin', () => {
    const name = 'x'.repeat(50);
    const bars = [{ who: 'omqtt', value: 1 }];
    const picture = drawBars({ title: '', note: '', unit: 'ns', groups: [{ name, bars }] });
    const end = Number(new RegExp(`<text x="(\\d+)"[^>]*>${name}<`).exec(picture)?.[1]);
    expect(end).toBeGreaterThan(50 * 7);
    expect(picture).toContain(`<rect class="c0" x="${end + 10}"`);
  });

  test('take no name for markup', () => {
    const picture = drawBars({
      title: '<script>"&',
      note: '',
      unit: 'ns',
      groups: [{ name: '<b>', bars: [{ who: '<i>', value: 1 }] }],
    });
    expect(picture).toContain('&lt;script>&quot;&amp;');
    expect(picture).not.toMatch(/<(script|b|i)>/);
  });
});

test('the pictures of the documentation are those of its figures', () => {
  const docs = join(import.meta.dirname, '../../../docs');
  const pictures = drawCharts(readResults(join(docs, 'benchmarks.json')));
  expect(readdirSync(join(docs, 'plots')).toSorted()).toEqual([...pictures.keys()].toSorted());
  for (const [file, picture] of pictures) expect(readFileSync(join(docs, 'plots', file), 'utf8')).toBe(picture);
});
