/** How long the built command line takes from its start to its end, beside Node that does nothing. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { cost, type Report } from '../figures.ts';
import { median } from '../statistics.ts';
import { formatTable } from '../table.ts';

const BUDGET_MILLISECONDS = 80;

interface Start {
  readonly wallMilliseconds: number;
  /** User and system, all threads. */
  readonly cpuMilliseconds: number;
}

interface Row {
  readonly name: string;
  readonly args: readonly string[];
  readonly starts: Start[];
}

/** Writes the CPU time of the process to file descriptor 3 when it ends. */
const reporter = `data:text/javascript,import{writeSync}from'node:fs';process.on('exit',()=>{const{user,system}=process.cpuUsage();writeSync(3,String(user+system))})`;

export function reportOnCommandStart(rounds: number): Report {
  const program = fileURLToPath(new URL('../dist/bin.js', import.meta.resolve('@omqtt/cli')));
  const rows: readonly Row[] = [
    { name: 'node that does nothing', args: ['--eval', '0'], starts: [] },
    { name: 'omqtt version', args: [program, 'version'], starts: [] },
    { name: 'omqtt pub, refused by its options', args: [program, 'pub', '-q', '7', 'a', 'b'], starts: [] },
    { name: 'omqtt pub, nothing listens', args: [program, 'pub', '-p', '1', 'a', 'b'], starts: [] },
  ];
  // In turns; the first round fills the caches of the disk.
  for (let round = 0; round <= rounds; round += 1) {
    for (const { args, starts } of rows) {
      const start = startOnce(args);
      if (round > 0) starts.push(start);
    }
  }
  const [, version] = rows;
  const cpu = median((version as Row).starts.map(({ cpuMilliseconds }) => cpuMilliseconds));
  const wall = median((version as Row).starts.map(({ wallMilliseconds }) => wallMilliseconds));
  const judged = (value: number): string => (value <= BUDGET_MILLISECONDS ? 'met' : 'missed');
  const verdict = `Budget of omqtt version: ${BUDGET_MILLISECONDS} ms, by CPU time ${judged(cpu)}, by the clock ${judged(wall)}.`;
  const figures = rows.map(({ name, starts }) =>
    cost(`start · ${name}`, median(starts.map(({ cpuMilliseconds }) => cpuMilliseconds)), 'ms'),
  );
  return { text: `${formatTable(columns, rows)}\n\n${verdict}`, figures };
}

const columns = [
  { title: 'process', cell: ({ name }: Row) => name },
  {
    title: 'CPU ms',
    cell: ({ starts }: Row) =>
      shown(
        starts.map((one) => one.cpuMilliseconds),
        median,
      ),
    align: 'right',
  },
  {
    title: 'wall ms',
    cell: ({ starts }: Row) =>
      shown(
        starts.map((one) => one.wallMilliseconds),
        median,
      ),
    align: 'right',
  },
  {
    title: 'least',
    cell: ({ starts }: Row) =>
      shown(
        starts.map((one) => one.wallMilliseconds),
        (all) => Math.min(...all),
      ),
    align: 'right',
  },
] as const;

function shown(values: readonly number[], pick: (values: readonly number[]) => number): string {
  return pick(values).toFixed(1);
}

function startOnce(args: readonly string[]): Start {
  const startedAt = performance.now();
  const { error, output } = spawnSync(process.execPath, ['--import', reporter, ...args], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
    encoding: 'utf8',
    env: { ...process.env, NODE_OPTIONS: '' },
    timeout: 30_000,
  });
  const wallMilliseconds = performance.now() - startedAt;
  const cpuMilliseconds = Number(output[3]) / 1000;
  if (error || !(cpuMilliseconds > 0)) throw new Error(`node ${args.join(' ')} did not run; is the CLI built?`);
  return { wallMilliseconds, cpuMilliseconds };
}
