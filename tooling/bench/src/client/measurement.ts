/** What a message costs the process of a client: ours, MQTT.js, and a bare socket as the limit. */
import type { QoS } from '@omqtt/codec';
import type { Measurement } from '../contest.ts';
import { cost, gain, type Figure, type Report } from '../figures.ts';
import { median, spreadOfRatios, type Spread } from '../statistics.ts';
import { formatTable, type Column } from '../table.ts';
import { allContestants, clientContestants, compareClients, contestantsOf, type Samples } from './comparison.ts';
import type { Load } from './loads.ts';

interface Row {
  readonly load: Load;
  readonly nanoseconds: readonly number[];
  readonly perSecond: readonly number[];
  /** CPU time of MQTT.js by ours. */
  readonly ratio: Spread;
  /** CPU time of a bare socket by ours: 1 would be the limit. */
  readonly ofChunks: Spread;
  /** The same, of the one that is given packets one by one. A client that receives has no other than the first. */
  readonly ofPackets: Spread;
}

const sizes = [
  [64, '64 B'],
  [1024, '1 KiB'],
  [65_536, '64 KiB'],
] as const;

export const publishMeasurement: Measurement = {
  summary: 'CPU time of a client per message it publishes, against MQTT.js and a bare socket',
  report: (options) => reportOn(publishLoads(), options),
};

export const receiveMeasurement: Measurement = {
  summary: 'CPU time of a client per message it receives, against MQTT.js and a bare socket',
  report: (options) => reportOn(receiveLoads(), options),
};

function publishLoads(): readonly Load[] {
  const loads: Load[] = [];
  for (const qos of [0, 1, 2] as const) {
    for (const [payloadBytes, size] of sizes) {
      for (const window of [1, 100, 1000]) {
        const isJudged = payloadBytes === 64 && window === 1000;
        loads.push({
          name: `publish QoS ${qos}, ${size}, window ${window}`,
          kind: 'publish',
          qos,
          payloadBytes,
          window,
          messages: messagesOf(payloadBytes, publishedIn(qos, window)),
          ...(isJudged && { budget: qos === 0 ? 6 : 5, ...limitOf(qos, 0.5) }),
        });
      }
    }
  }
  const unjudged = (usual: string): Load => {
    const { budget, ofLimit, ...load } = loads.find(({ name }) => name === usual) as Load;
    return load;
  };
  return [
    ...loads,
    {
      ...unjudged('publish QoS 0, 64 B, window 1000'),
      name: 'publish QoS 0, 64 B of text, window 1000',
      payloadAs: 'text',
    },
    ...([1, 2] as const).map((qos): Load => {
      const usual = `publish QoS ${qos}, 64 B, window 1000`;
      return { ...unjudged(usual), name: `${usual}, callback`, answeredBy: 'callback' };
    }),
  ];
}

/** A round takes a tenth of a second at least, so that compilers and collections are not what is measured. */
function publishedIn(qos: QoS, window: number): number {
  if (window === 1) return qos === 0 ? 40_000 : 1500;
  return qos === 0 ? 400_000 : 150_000;
}

function receiveLoads(): readonly Load[] {
  const loads: Load[] = [];
  for (const qos of [0, 1, 2] as const) {
    for (const [payloadBytes, size] of sizes) {
      loads.push({
        name: `receive QoS ${qos}, ${size}`,
        kind: 'receive',
        qos,
        payloadBytes,
        window: 1000,
        messages: messagesOf(payloadBytes, qos === 2 ? 200_000 : 400_000),
        ...(payloadBytes === 64 && { ...(qos === 0 && { budget: 8 }), ...limitOf(qos, 0.4) }),
      });
    }
  }
  return loads;
}

function limitOf(qos: QoS, ofQoS0: number): { readonly ofLimit?: number } {
  return qos === 2 ? {} : { ofLimit: qos === 0 ? ofQoS0 : 0.3 };
}

function messagesOf(payloadBytes: number, most: number): number {
  return payloadBytes > 10_000 ? Math.min(most, 1500) : most;
}

async function reportOn(
  loads: readonly Load[],
  { rounds, only }: { readonly rounds: number; readonly only: string },
): Promise<Report> {
  const rows: Row[] = [];
  for (const load of loads) {
    if (load.name.includes(only)) rows.push(rowOf(load, await compareClients(load, rounds)));
  }
  return {
    text: `${formatTable(columns, rows)}\n\n${legend}\n${verdict(rows)}`,
    figures: rows.flatMap(figuresOf),
  };
}

function figuresOf({ load, nanoseconds, ratio, ofChunks, ofPackets }: Row): readonly Figure[] {
  const { name } = load;
  return [
    ...contestantsOf(load).map((who, index) => cost(`${name} · ${who}`, nanoseconds[index] ?? Number.NaN, 'ns')),
    gain(`${name}, MQTT.js by ours`, ratio.median, '×'),
    gain(`${name}, bare socket by ours`, ofChunks.median, '×'),
    ...(load.kind === 'publish' ? [gain(`${name}, bare socket one by one, by ours`, ofPackets.median, '×')] : []),
  ];
}

function rowOf(load: Load, samples: Samples): Row {
  const times = samples.map((rounds) => rounds.map(({ nanoseconds }) => nanoseconds));
  const [ours = [], theirs = [], chunks = [], packets = chunks] = times;
  return {
    load,
    nanoseconds: times.map(median),
    perSecond: samples.map((rounds) => median(rounds.map(({ perSecond }) => perSecond))),
    ratio: spreadOfRatios(ours, theirs),
    ofChunks: spreadOfRatios(ours, chunks),
    ofPackets: spreadOfRatios(ours, packets),
  };
}

const columns: readonly Column<Row>[] = [
  { title: 'load', cell: ({ load }) => load.name },
  ...allContestants.map((name, index): Column<Row> => {
    return { title: `${name} ns`, cell: ({ nanoseconds }) => whole(nanoseconds[index]), align: 'right' };
  }),
  { title: 'ratio', cell: ({ ratio }) => ratio.median.toFixed(1), align: 'right' },
  { title: 'min–max', cell: ({ ratio }) => `${ratio.least.toFixed(1)}–${ratio.most.toFixed(1)}`, align: 'right' },
  { title: 'budget', cell: ({ load, ratio }) => judged(load.budget, ratio) },
  { title: 'of chunks', cell: ({ ofChunks }) => ofChunks.median.toFixed(2), align: 'right' },
  { title: 'of packets', cell: ({ ofPackets }) => ofPackets.median.toFixed(2), align: 'right' },
  { title: 'promised', cell: ({ load, ofPackets }) => judged(load.ofLimit, ofPackets) },
  ...clientContestants.map((name, index): Column<Row> => {
    return { title: `${name} per s`, cell: ({ perSecond }) => whole(perSecond[index]), align: 'right' };
  }),
];

const legend = `ns: median CPU time of the process of the client per message (user and system, all threads).
ratio: MQTT.js by ours; above 1 we are faster. min–max: the ratios of single rounds. of chunks: a bare socket by ours that
is given the same chunk of packets again and again; of packets: one that is given each packet in a call of its own, which is
the limit for whoever publishes messages, and what is promised. Receiving they are the same.
per s: messages by the clock on the wall. The other end is another process, which counted every message once.`;

function judged(promise: number | undefined, { median: ratio }: Spread): string {
  return promise === undefined ? '' : `≥ ${promise} ${ratio >= promise ? 'met' : 'missed'}`;
}

function verdict(rows: readonly Row[]): string {
  const all = rows.flatMap(({ load, ratio, ofPackets }) => [
    judged(load.budget, ratio),
    judged(load.ofLimit, ofPackets),
  ]);
  const promises = all.filter((text) => text !== '');
  return `Budgets: ${promises.filter((text) => text.endsWith('met')).length} of ${promises.length} met.`;
}

function whole(value: number | undefined): string {
  return value === undefined ? '' : value.toFixed(0);
}
