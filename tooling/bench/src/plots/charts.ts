/** Which pictures there are, and which figures each of them shows. */
import type { Results } from '../baseline.ts';
import type { Figure } from '../figures.ts';
import { drawBars, type BarGroup } from './bar-chart.ts';
import { drawLine } from './line-chart.ts';

interface Plan {
  readonly file: string;
  readonly benchmark: string;
  readonly title: string;
  readonly note: string;
  readonly unit: Figure['unit'];
  /** Of the cases. Default: all. */
  readonly cases?: RegExp;
}

const shorter = 'CPU time of the process of the client per message; shorter is better.';

const plans: readonly Plan[] = [
  {
    file: 'publish',
    benchmark: 'publish',
    title: 'Publishing 64 bytes',
    note: shorter,
    unit: 'ns',
    cases: /64 B.*1000/,
  },
  { file: 'receive', benchmark: 'receive', title: 'Receiving 64 bytes', note: shorter, unit: 'ns', cases: /64 B/ },
  {
    file: 'codec',
    benchmark: 'codec',
    title: 'Packets to objects and back',
    note: 'CPU time per packet; shorter is better.',
    unit: 'ns',
    cases: /^(decode|encode) (QoS 0, 64 B|QoS 1, 5)/,
  },
  {
    file: 'roundtrip',
    benchmark: 'roundtrip',
    title: '2 000 messages a second, there and back',
    note: 'Milliseconds from the call to the handler; shorter is better.',
    unit: 'ms',
  },
  {
    file: 'connections',
    benchmark: 'connections',
    title: 'An idle connection',
    note: 'Heap and external memory above a bare socket; shorter is better.',
    unit: 'bytes',
    cases: /^above/,
  },
  {
    file: 'durable',
    benchmark: 'durable',
    title: 'QoS 1, on disk before it is sent',
    note: 'Messages for a second of the clock; longer is better.',
    unit: 'per s',
    cases: /^throughput/,
  },
  {
    file: 'bundle',
    benchmark: 'bundle',
    title: 'What a browser loads',
    note: 'Minified and compressed with gzip; shorter is better.',
    unit: 'bytes',
    cases: /gzip/,
  },
  {
    file: 'bridge',
    benchmark: 'bridge',
    title: 'A publish over HTTP at QoS 1',
    note: 'CPU time of the server per request; shorter is better.',
    unit: 'µs',
    cases: /^publish/,
  },
];

/** The pictures that the results have figures for, by the name of their files. */
export function drawCharts({ results, machine }: Results): ReadonlyMap<string, string> {
  const pictures = new Map<string, string>();
  for (const { file, benchmark, title, note, unit, cases } of plans) {
    const figures = results[benchmark]?.filter((figure) => figure.unit === unit && (cases?.test(figure.name) ?? true));
    const groups = groupByCase(figures ?? []);
    if (groups.length === 0) continue;
    pictures.set(`${file}.svg`, drawBars({ title, note: `${note} ${machine}`, unit, groups }));
  }
  const points = (results['soak'] ?? []).flatMap(({ name, value }) => {
    const second = /^heap after (\d+) s$/.exec(name)?.[1];
    return second === undefined ? [] : [{ second: Number(second), value }];
  });
  if (points.length > 1) {
    const note = 'Objects on the heap and outside of it, after a collection; flat is good.';
    pictures.set(
      'soak.svg',
      drawLine({ title: 'A client under load', note: `${note} ${machine}`, unit: 'MiB', points }),
    );
  }
  return pictures;
}

/** Names are `CASE · WHO`. */
function groupByCase(figures: readonly Figure[]): readonly BarGroup[] {
  const groups = new Map<string, BarGroup & { readonly bars: { who: string; value: number }[] }>();
  for (const { name, value } of figures) {
    const [group, who] = name.split(' · ');
    if (group === undefined || who === undefined) continue;
    const found = groups.get(group) ?? { name: group, bars: [] };
    found.bars.push({ who, value });
    groups.set(group, found);
  }
  return [...groups.values()];
}
