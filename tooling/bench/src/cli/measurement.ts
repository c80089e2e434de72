/** What the command line adds to the client it is made of. */
import type { Measurement } from '../contest.ts';
import { cost, gain } from '../figures.ts';
import { median, spreadOfRatios } from '../statistics.ts';
import { type Column, formatTable } from '../table.ts';
import { compareWithLibrary, type Round } from './comparison.ts';

const paced = { pacedMessages: 10_000, pacedRate: 2000, floodMessages: 200_000 };
const load = { window: 1000, payloadBytes: 64, warmupMs: 1000, durationMs: 2000, ...paced };

interface Row {
  readonly what: string;
  readonly library: number;
  readonly command: number;
  /** Above 1: the command has more, or takes longer. */
  readonly ratio: string;
}

export const cliMeasurement: Measurement = {
  summary: 'omqtt bench pub --qos 1 against the same load given to the client itself',
  async report({ rounds }) {
    const all = await compareWithLibrary({ ...load, rounds });
    const throughput = rowOf('messages/s', all, ({ library, command }) => [library.rate, command.rate]);
    const time = rowOf('CPU ns a message', all, ({ library, command }) => [
      library.cpuNanoseconds,
      command.cpuNanoseconds,
    ]);
    const rows = [throughput, time];
    const timesBeside = (run: 'paced' | 'flooded', which: 'calls' | 'packets'): readonly Row[] =>
      (['p50', 'p90', 'p99'] as const).map((name) =>
        rowOf(`${name} ms`, all, (round) => [round[run][which][name], round[run].report.latency[name]]),
      );
    const tables = [
      formatTable(throughputColumns, rows),
      formatTable(callColumns, timesBeside('paced', 'calls')),
      formatTable(packetColumns, timesBeside('paced', 'packets')),
      formatTable(floodColumns, timesBeside('flooded', 'calls')),
    ];
    return {
      text: `${tables.join('\n\n')}\n\n${legend}\n${verdict(all, rows)}`,
      figures: [
        gain('throughput · library', throughput.library, 'per s'),
        gain('throughput · omqtt bench pub', throughput.command, 'per s'),
        cost('CPU time · library', time.library, 'ns'),
        cost('CPU time · omqtt bench pub', time.command, 'ns'),
      ],
    };
  },
};

function rowOf(what: string, rounds: readonly Round[], read: (round: Round) => readonly [number, number]): Row {
  const pairs = rounds.map(read);
  const [library, command] = [pairs.map(([other]) => other), pairs.map(([, own]) => own)];
  const { median: ratio, least, most } = spreadOfRatios(library, command);
  const spread = `${ratio.toFixed(2)} (${least.toFixed(2)}–${most.toFixed(2)})`;
  return { what, library: median(library), command: median(command), ratio: spread };
}

const throughputColumns = columnsOf('QoS 1, 64 B, window 1000', 'library', 'command / library');
const callColumns = columnsOf('2000 a second', 'times of calls', 'command / calls');
const floodColumns = columnsOf('full speed', 'times of calls', 'command / calls');
const packetColumns = columnsOf('2000 a second', 'times of packets', 'command / packets');

function columnsOf(what: string, other: string, ratio: string): readonly Column<Row>[] {
  return [
    { title: what, cell: (row) => row.what },
    { title: other, cell: ({ library }) => figure(library), align: 'right' },
    { title: 'omqtt bench pub', cell: ({ command }) => figure(command), align: 'right' },
    { title: `${ratio} (single rounds)`, cell: (row) => row.ratio, align: 'right' },
  ];
}

const legend = `Medians over rounds in which both took turns at the same far end, which counted every message once; each time in a
new process, which warms up for a second before it is measured for two.
CPU: of the process that publishes, user and system, all threads. Calls and packets: the same messages of the
same run, timed a second time by code of its own that keeps and sorts all times: from the call of publish until it calls
back, as the command has it, and from PUBLISH to PUBACK on node:diagnostics_channel.`;

function verdict(rounds: readonly Round[], [throughput]: readonly Row[]): string {
  const sum = (read: (report: Round['command']) => number): number =>
    rounds.reduce((total, { command }) => total + read(command), 0);
  const lost = `${sum(({ sent }) => sent)} sent, ${sum(({ loss }) => loss)} lost, ${sum(({ errors }) => errors)} errors`;
  const isMet = throughput !== undefined && throughput.command >= throughput.library;
  return `omqtt bench pub: ${lost}. Throughput of the library: ${isMet ? 'met' : 'missed'}.`;
}

function figure(value: number): string {
  return value < 1000 ? value.toFixed(2) : value.toFixed(0);
}
