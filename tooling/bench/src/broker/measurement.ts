/** What a message costs the embedded broker, against aedes in both of its lines, over loopback TCP. */
import type { ProtocolVersion } from '@omqtt/codec';
import type { Measurement } from '../contest.ts';
import { cost, gain, type Figure } from '../figures.ts';
import { median } from '../statistics.ts';
import { formatTable } from '../table.ts';
import { startBrokerProcess, type BrokerContestant } from './contestants.ts';
import { runFanOut } from './fan-out.ts';
import { runLoad, type Load, type LoadResult } from './load.ts';

const loads: readonly Load[] = [
  { name: 'QoS 0, 1 to 1', qos: 0, subscribers: 1, messages: 50_000 },
  { name: 'QoS 0, 1 to 10', qos: 0, subscribers: 10, messages: 10_000 },
  { name: 'QoS 1, 1 to 1', qos: 1, subscribers: 1, messages: 20_000 },
];

const peers: readonly { readonly peer: BrokerContestant; readonly version: ProtocolVersion }[] = [
  { peer: 'aedes 1.2', version: '3.1.1' },
  { peer: 'aedes 2.0 beta', version: '5.0' },
];

const fanOut = { messages: 200_000, subscribers: 100 };

interface Row {
  readonly load: string;
  readonly version: ProtocolVersion;
  readonly peer: BrokerContestant;
  readonly ours: LoadResult;
  readonly theirs: LoadResult;
}

export const brokerMeasurement: Measurement = {
  summary: 'messages through the embedded broker, against aedes, and a large fan-out without loss',
  async report({ rounds, only }) {
    const rows: Row[] = [];
    for (const { peer, version } of peers) {
      for (const load of loads) {
        if (`${load.name} ${version}`.includes(only)) rows.push(await compare({ peer, version, load, rounds }));
      }
    }
    const { lost, dropped, nanoseconds } = await runFanOut(fanOut);
    const { messages, subscribers } = fanOut;
    const outcome = `${lost} lost, ${dropped} dropped, ${nanoseconds.toFixed(0)} ns of CPU time for each, both sides`;
    const text = `${table(rows)}\n\n${legend}\n\n${messages} messages to ${subscribers} subscribers in one process: ${outcome}.`;
    return { text, figures: [...rows.flatMap(figuresOf), cost('fan-out, each message', nanoseconds, 'ns')] };
  },
};

function figuresOf({ load, version, peer, ours, theirs }: Row): readonly Figure[] {
  return [
    cost(`${load}, ${version} · omqtt`, ours.nanoseconds, 'ns'),
    cost(`${load}, ${version} · ${peer}`, theirs.nanoseconds, 'ns'),
    gain(`${load}, ${version}, ${peer} by ours`, theirs.nanoseconds / ours.nanoseconds, '×'),
  ];
}

interface Comparison {
  readonly peer: BrokerContestant;
  readonly version: ProtocolVersion;
  readonly load: Load;
  readonly rounds: number;
}

/** They take turns, so that what else the machine does falls on both. The first round is for the compilers. */
async function compare({ peer, version, load, rounds }: Comparison): Promise<Row> {
  const brokers = [await startBrokerProcess('omqtt'), await startBrokerProcess(peer)] as const;
  try {
    const ours: LoadResult[] = [];
    const theirs: LoadResult[] = [];
    for (let round = 0; round <= rounds; round += 1) {
      ours.push(await runLoad(brokers[0], version, load));
      theirs.push(await runLoad(brokers[1], version, load));
    }
    return { load: load.name, version, peer, ours: medianOf(ours.slice(1)), theirs: medianOf(theirs.slice(1)) };
  } finally {
    for (const broker of brokers) await broker.stop();
  }
}

function medianOf(results: readonly LoadResult[]): LoadResult {
  return {
    nanoseconds: median(results.map(({ nanoseconds }) => nanoseconds)),
    perSecond: median(results.map(({ perSecond }) => perSecond)),
  };
}

const legend = `ns: median CPU time of the broker process per message delivered. per s: messages delivered per second of the
wall clock, with the load from another process on the same machine. ratio: above 1 we are faster.`;

function table(rows: readonly Row[]): string {
  return formatTable(
    [
      { title: 'load', cell: ({ load }: Row) => load },
      { title: 'MQTT', cell: ({ version }: Row) => version },
      { title: 'peer', cell: ({ peer }: Row) => peer },
      { title: 'ours ns', cell: ({ ours }: Row) => ours.nanoseconds.toFixed(0), align: 'right' },
      { title: 'peer ns', cell: ({ theirs }: Row) => theirs.nanoseconds.toFixed(0), align: 'right' },
      {
        title: 'ratio',
        cell: ({ ours, theirs }: Row) => (theirs.nanoseconds / ours.nanoseconds).toFixed(1),
        align: 'right',
      },
      { title: 'ours per s', cell: ({ ours }: Row) => ours.perSecond.toFixed(0), align: 'right' },
      { title: 'peer per s', cell: ({ theirs }: Row) => theirs.perSecond.toFixed(0), align: 'right' },
      {
        title: 'ratio',
        cell: ({ ours, theirs }: Row) => (ours.perSecond / theirs.perSecond).toFixed(1),
        align: 'right',
      },
    ],
    rows,
  );
}
