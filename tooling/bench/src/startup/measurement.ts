/** How long Node takes to import what was built, each time in a new process. */
import { spawnSync } from 'node:child_process';
import type { Measurement } from '../contest.ts';
import { cost } from '../figures.ts';
import { median } from '../statistics.ts';
import { formatTable } from '../table.ts';
import { reportOnCommandStart } from './command-start.ts';

const BUDGET_MILLISECONDS = 25;
const packages = ['omqtt', 'mqtt'] as const;

interface Row {
  readonly name: string;
  readonly imports: readonly Import[];
}

interface Import {
  readonly wallMilliseconds: number;
  /** User and system, all threads: what the clock says counts what else the machine does, too. */
  readonly cpuMilliseconds: number;
}

export const startupMeasurement: Measurement = {
  summary: 'import time of omqtt and of MQTT.js, and start of the command line, as they are published: build first',
  report({ rounds }) {
    const rows = packages.map((name): Row & { readonly imports: Import[] } => ({ name, imports: [] }));
    // In turns, so that a busy moment of the machine falls on both. The first round fills the caches of the disk.
    for (let round = 0; round <= rounds; round += 1) {
      for (const { name, imports } of rows) {
        const once = importOnce(name);
        if (round > 0) imports.push(once);
      }
    }
    const [ours] = rows.map((row) => median(cpu(row)));
    const verdict = `Budget: ${BUDGET_MILLISECONDS} ms of CPU time ${(ours ?? Infinity) <= BUDGET_MILLISECONDS ? 'met' : 'missed'}.`;
    const command = reportOnCommandStart(rounds);
    return Promise.resolve({
      text: `${formatTable(columns, rows)}\n\n${verdict}\n\n${command.text}`,
      figures: [...rows.map((row) => cost(`import · ${row.name}`, median(cpu(row)), 'ms')), ...command.figures],
    });
  },
};

const wall = ({ imports }: Row): number[] => imports.map(({ wallMilliseconds }) => wallMilliseconds);
const cpu = ({ imports }: Row): number[] => imports.map(({ cpuMilliseconds }) => cpuMilliseconds);

const columns = [
  { title: 'import', cell: ({ name }: Row) => name },
  { title: 'CPU ms', cell: (row: Row) => median(cpu(row)).toFixed(1), align: 'right' },
  { title: 'wall ms', cell: (row: Row) => median(wall(row)).toFixed(1), align: 'right' },
  { title: 'least', cell: (row: Row) => Math.min(...wall(row)).toFixed(1), align: 'right' },
  { title: 'most', cell: (row: Row) => Math.max(...wall(row)).toFixed(1), align: 'right' },
] as const;

function importOnce(name: string): Import {
  const program = `const [wall, cpu] = [performance.now(), process.cpuUsage()];
    await import('${name}');
    const [end, { user, system }] = [performance.now(), process.cpuUsage(cpu)];
    console.log(end - wall, (user + system) / 1000);
    process.exit(0);`;
  const args = ['--input-type=module', '--eval', program];
  // Without the condition of the sources: what users get.
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    cwd: import.meta.dirname,
    encoding: 'utf8',
    env: { ...process.env, NODE_OPTIONS: '' },
  });
  if (status !== 0) throw new Error(`importing ${name} failed; is it built?\n${stderr}`);
  const [wallMilliseconds = Number.NaN, cpuMilliseconds = Number.NaN] = stdout.trim().split(' ').map(Number);
  return { wallMilliseconds, cpuMilliseconds };
}
