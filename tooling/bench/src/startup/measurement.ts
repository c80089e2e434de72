/** How long Node takes to import what was built, each time in a new process. */
import { spawnSync } from 'node:child_process';
import type { Measurement } from '../contest.ts';
import { median } from '../statistics.ts';
import { formatTable } from '../table.ts';

const BUDGET_MILLISECONDS = 25;
const packages = ['omqtt', 'mqtt'] as const;

interface Row {
  readonly name: string;
  readonly times: readonly number[];
}

export const startupMeasurement: Measurement = {
  summary: 'import time of omqtt and of MQTT.js, as they are published: build first',
  async report({ rounds }) {
    const rows = packages.map((name): Row & { readonly times: number[] } => ({ name, times: [] }));
    // In turns, so that a busy moment of the machine falls on both. The first round fills the caches of the disk.
    for (let round = 0; round <= rounds; round += 1) {
      for (const { name, times } of rows) {
        const time = importMilliseconds(name);
        if (round > 0) times.push(time);
      }
    }
    const ours = median(rows[0]?.times ?? []);
    const verdict = `Budget: ${BUDGET_MILLISECONDS} ms ${ours <= BUDGET_MILLISECONDS ? 'met' : 'missed'}.`;
    return `${formatTable(columns, rows)}\n\n${verdict}`;
  },
};

const columns = [
  { title: 'import', cell: ({ name }: Row) => name },
  { title: 'median ms', cell: ({ times }: Row) => median(times).toFixed(1), align: 'right' },
  { title: 'least', cell: ({ times }: Row) => Math.min(...times).toFixed(1), align: 'right' },
  { title: 'most', cell: ({ times }: Row) => Math.max(...times).toFixed(1), align: 'right' },
] as const;

function importMilliseconds(name: string): number {
  const program = `const start = performance.now(); await import('${name}'); console.log(performance.now() - start);`;
  const args = ['--input-type=module', '--eval', `${program} process.exit(0);`];
  // Without the condition of the sources: what users get.
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    cwd: import.meta.dirname,
    encoding: 'utf8',
    env: { ...process.env, NODE_OPTIONS: '' },
  });
  if (status !== 0) throw new Error(`importing ${name} failed; is it built?\n${stderr}`);
  return Number(stdout);
}
