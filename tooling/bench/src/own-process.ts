/**
 * Measures in new processes. What ran before in the same one decides what is compiled, and how: a peer was twice as slow
 * at writing messages where it had read a million of other packets before.
 */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Allocation } from './allocation.ts';
import type { Timing } from './cpu-time.ts';

/** One `Allocation` for each contest of the benchmark whose name contains `only`, in their order. */
export function allocateInOwnProcess(benchmark: string, only: string): readonly Allocation[] {
  const flags = ['--min-semi-space-size=256', '--max-semi-space-size=256'];
  return resultOf(import.meta.resolve('./allocation-process.ts'), flags, [benchmark, only]) as readonly Allocation[];
}

export function timeInOwnProcess(benchmark: string, contest: string, rounds: number): Timing {
  return resultOf(
    import.meta.resolve('./timing-process.ts'),
    ['--no-flush-bytecode'],
    [benchmark, contest, String(rounds)],
  ) as Timing;
}

function resultOf(script: string, flags: readonly string[], args: readonly string[]): unknown {
  const always = ['--expose-gc', '--conditions=@omqtt/source'];
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [...always, ...flags, fileURLToPath(script), ...args],
    {
      encoding: 'utf8',
    },
  );
  if (status !== 0) throw new Error(`${script} failed:\n${stderr}`);
  return JSON.parse(stdout);
}
