/** QoS 1 on disk: ours with every commit synced, MQTT.js in memory, and a loop that commits one message at a time. */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Measurement } from '../contest.ts';
import { cost, gain, type Figure, type Report } from '../figures.ts';
import { median } from '../statistics.ts';
import { formatTable, type Column } from '../table.ts';
import { startAnsweringServer } from './answering-server.ts';

const contestants = ['omqtt, full', 'omqtt, normal', 'MQTT.js in memory', 'one commit a message'] as const;
export type DurableContestant = (typeof contestants)[number];

/** What one run of one contestant found. */
export interface DurableRun {
  readonly perSecond: number;
  readonly cpuMicroseconds: number;
  readonly diskBytes: number;
  readonly delayMs: { readonly p50: number; readonly p99: number; readonly most: number };
}

export interface OpenRun {
  readonly openMs: number;
  /** Of processor time, all threads: what the clock shows depends on what else the machine does. */
  readonly openCpuMs: number;
  readonly readMs: number;
  readonly restoreMs: number;
  readonly grownBytes: number;
}

export const WAITING = 100_000;
const COMMITS_BUDGET = 15;
const DELAY_BUDGET_MS = 10;
const GROWTH_BUDGET_MB = 100;

export const durableMeasurement: Measurement = {
  summary: `QoS 1 on disk, beside MQTT.js in memory; and how a store with ${WAITING} messages opens`,
  async report({ rounds }) {
    const server = await startAnsweringServer();
    const folder = mkdtempSync(join(tmpdir(), 'omqtt-durable-'));
    try {
      const runs = new Map<DurableContestant, DurableRun[]>(contestants.map((name) => [name, []]));
      for (let round = 0; round < rounds; round += 1) {
        for (const name of contestants) {
          runs.get(name)?.push(await runProcess<DurableRun>(name, server.port, join(folder, `${round}${name}.db`)));
        }
      }
      await runProcess('fill', server.port, join(folder, 'open.db'));
      server.watchOrder();
      const opened = await runProcess<OpenRun>('open', server.port, join(folder, 'open.db'));
      const throughput = throughputReport(runs);
      return {
        text: `${throughput.text}\n\n${openText(opened, server.inOrder())}`,
        figures: [...throughput.figures, cost('opening · omqtt', opened.openMs, 'ms')],
      };
    } finally {
      await server.close();
      rmSync(folder, { recursive: true });
    }
  },
};

async function runProcess<Result>(task: string, port: number, path: string): Promise<Result> {
  const file = fileURLToPath(new URL('durable-process.ts', import.meta.url));
  const flags = ['--conditions=@omqtt/source', '--expose-gc', '--disable-warning=ExperimentalWarning'];
  const args = [...flags, file, task, String(port), path];
  const { stdout } = await promisify(execFile)(process.execPath, args, { timeout: 120_000 });
  return JSON.parse(stdout) as Result;
}

interface Row extends DurableRun {
  readonly name: string;
}

const columns: readonly Column<Row>[] = [
  { title: 'contestant', cell: ({ name }) => name },
  { title: 'messages/s', cell: ({ perSecond }) => perSecond.toFixed(0), align: 'right' },
  { title: 'CPU µs', cell: ({ cpuMicroseconds }) => cpuMicroseconds.toFixed(1), align: 'right' },
  { title: 'disk B', cell: ({ diskBytes }) => diskBytes.toFixed(0), align: 'right' },
  { title: 'delay p50 ms', cell: ({ delayMs }) => delayMs.p50.toFixed(1), align: 'right' },
  { title: 'p99', cell: ({ delayMs }) => delayMs.p99.toFixed(1), align: 'right' },
  { title: 'max', cell: ({ delayMs }) => delayMs.most.toFixed(1), align: 'right' },
];

function throughputReport(runs: ReadonlyMap<DurableContestant, readonly DurableRun[]>): Report {
  const rows = [...runs].map(([name, found]): Row => {
    const middle = (pick: (run: DurableRun) => number): number => median(found.map(pick));
    return {
      name,
      perSecond: middle(({ perSecond }) => perSecond),
      cpuMicroseconds: middle(({ cpuMicroseconds }) => cpuMicroseconds),
      diskBytes: middle(({ diskBytes }) => diskBytes),
      delayMs: {
        p50: middle(({ delayMs }) => delayMs.p50),
        p99: middle(({ delayMs }) => delayMs.p99),
        most: middle(({ delayMs }) => delayMs.most),
      },
    };
  });
  const [ours, , mqtt, loop] = rows;
  if (ours === undefined || mqtt === undefined || loop === undefined) throw new Error('a contestant is missing');
  const verdicts = [
    budget('against MQTT.js in memory', ours.perSecond / mqtt.perSecond, 1),
    budget('against one commit a message', ours.perSecond / loop.perSecond, COMMITS_BUDGET),
    `Event-loop delay p99 ${ours.delayMs.p99.toFixed(1)} ms, budget < ${DELAY_BUDGET_MS} ms: ${isMet(ours.delayMs.p99 < DELAY_BUDGET_MS)}.`,
  ];
  return {
    text: `${formatTable(columns, rows)}\n\n${legend}\n${verdicts.join('\n')}`,
    figures: rows.flatMap(figuresOf),
  };
}

function figuresOf({ name, perSecond, cpuMicroseconds, delayMs }: Row): readonly Figure[] {
  return [
    gain(`throughput · ${name}`, perSecond, 'per s'),
    cost(`CPU time · ${name}`, cpuMicroseconds, 'µs'),
    cost(`event-loop delay p99 · ${name}`, delayMs.p99, 'ms'),
  ];
}

const legend = `QoS 1, 100 bytes, 1000 messages on their way, answered by a server in another process. Medians of the rounds, in
real time: the disk counts. CPU: user and system, all threads. disk: bytes written per message. delay: of the event
loop, looked at every millisecond.`;

function budget(what: string, ratio: number, least: number): string {
  return `Ratio ${what}: ${ratio.toFixed(1)}, budget ≥ ${least}: ${isMet(ratio >= least)}.`;
}

function openText({ openMs, openCpuMs, readMs, restoreMs, grownBytes }: OpenRun, isInOrder: boolean): string {
  const grown = grownBytes / 1024 / 1024;
  return [
    `A store with ${WAITING} waiting messages`,
    `opens, verified, in ${openMs.toFixed(0)} ms, budget < 1000 ms: ${isMet(openMs < 1000)}; that took ${openCpuMs.toFixed(0)} ms of processor time`,
    `all windows are read in ${readMs.toFixed(0)} ms`,
    `a client is connected, with the first of them at hand, in ${restoreMs.toFixed(0)} ms`,
    `resident memory grows by ${grown.toFixed(0)} MB until all are delivered, budget < ${GROWTH_BUDGET_MB} MB: ${isMet(grown < GROWTH_BUDGET_MB)}`,
    `all are delivered in order: ${isInOrder ? 'yes' : 'NO'}`,
  ].join('\n');
}

function isMet(condition: boolean): string {
  return condition ? 'met' : 'missed';
}
