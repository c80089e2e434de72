/** `pnpm bench`: runs the benchmarks that were named and prints how we compare. */
import { writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { resolve } from 'node:path';
import { measureInOwnProcess } from './allocation.ts';
import { comparePeers, type Comparison } from './comparison.ts';
import { timeContest, warmUp } from './cpu-time.ts';
import { helpText, parseOptions, UsageError, type BenchOptions } from './options.ts';
import { benchmarks, measurements } from './registry.ts';
import { textReport } from './report.ts';

const all = { ...benchmarks, ...measurements };
const WARM_UP_MILLISECONDS = 100;
const SAMPLE_MILLISECONDS = 60;

async function main(args: readonly string[]): Promise<void> {
  const options = parseOptions(args, all);
  if (options.help) {
    console.log(helpText(all));
    return;
  }
  const machine = `Node ${process.versions.node}, ${cpus()[0]?.model ?? 'an unknown processor'}`;
  console.log(`${machine}, ${options.rounds} rounds`);
  const results: Record<string, readonly Comparison[]> = {};
  for (const name of options.names) {
    const measurement = measurements[name];
    if (measurement !== undefined) {
      console.log(`\n${name}\n\n${await measurement.report(options)}`);
      continue;
    }
    const comparisons = await runBenchmark(name, options);
    console.log(`\n${textReport(name, comparisons)}`);
    results[name] = comparisons;
  }
  if (options.json === undefined) return;
  // pnpm changes into the package; the path was meant from where the command was typed.
  const path = resolve(process.env['INIT_CWD'] ?? '.', options.json);
  writeFileSync(path, `${JSON.stringify({ machine, rounds: options.rounds, results }, undefined, 2)}\n`);
}

async function runBenchmark(name: string, { only, rounds }: BenchOptions): Promise<Comparison[]> {
  const contests = benchmarks[name]?.contests.filter((contest) => contest.name.includes(only)) ?? [];
  const allocations = measureInOwnProcess(name, only);
  for (const { prepare } of contests) await warmUp(prepare(), WARM_UP_MILLISECONDS);
  const comparisons: Comparison[] = [];
  for (const [index, { name: contestName, prepare }] of contests.entries()) {
    const contest = prepare();
    const timing = await timeContest(contest, { rounds, sampleMilliseconds: SAMPLE_MILLISECONDS });
    comparisons.push(...comparePeers({ name: contestName, peers: contest.peers }, timing, allocations[index] ?? []));
  }
  return comparisons;
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  console.error(`${error.message}\n\n${helpText(all)}`);
  process.exitCode = 2;
}
