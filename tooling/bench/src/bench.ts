/** `pnpm bench`: runs the benchmarks that were named and prints how we compare. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join, resolve } from 'node:path';
import { changesSince, readResults, type Results } from './baseline.ts';
import { comparePeers, figuresOf, type Comparison } from './comparison.ts';
import type { Figure, Report } from './figures.ts';
import { helpText, parseOptions, UsageError, type BenchOptions } from './options.ts';
import { allocateInOwnProcess, timeInOwnProcess } from './own-process.ts';
import { drawCharts } from './plots/charts.ts';
import { benchmarks, measurements } from './registry.ts';
import { textReport } from './report.ts';

const all = { ...benchmarks, ...measurements };

async function main(args: readonly string[]): Promise<void> {
  const options = parseOptions(args, all);
  if (options.help) {
    console.log(helpText(all));
    return;
  }
  const earlier = options.baseline === undefined ? undefined : readResults(typedPath(options.baseline));
  const found = options.from === undefined ? await measure(options) : readResults(typedPath(options.from));
  if (earlier !== undefined) console.log(`\n${changesSince(earlier, found)}`);
  if (options.plots !== undefined) writePlots(typedPath(options.plots), found);
}

async function measure(options: BenchOptions): Promise<Results> {
  const machine = `Node ${process.versions.node}, ${cpus()[0]?.model ?? 'an unknown processor'}`;
  console.log(`${machine}, ${options.rounds} rounds`);
  const results: Record<string, readonly Figure[]> = {};
  for (const name of options.names) {
    const { text, figures } = await reportOn(name, options).catch(failed);
    console.log(`\n${name}\n\n${text}`);
    results[name] = figures;
    // After each, so that what was measured is not lost with what comes later.
    if (options.json !== undefined) writeJson(typedPath(options.json), { machine, rounds: options.rounds, results });
  }
  return { machine, rounds: options.rounds, results };
}

/** The others are measured all the same. */
function failed(error: unknown): Report {
  process.exitCode = 1;
  return { text: `FAILED: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`, figures: [] };
}

async function reportOn(name: string, options: BenchOptions): Promise<Report> {
  const measurement = measurements[name];
  if (measurement !== undefined) return measurement.report(options);
  const comparisons = runBenchmark(name, options);
  return { text: textReport(comparisons), figures: comparisons.flatMap(figuresOf) };
}

function writeJson(path: string, results: Results): void {
  writeFileSync(path, `${JSON.stringify(results, undefined, 2)}\n`);
}

function writePlots(folder: string, results: Results): void {
  mkdirSync(folder, { recursive: true });
  for (const [file, picture] of drawCharts(results)) writeFileSync(join(folder, file), picture);
}

/** pnpm changes into the package; the path was meant from where the command was typed. */
function typedPath(path: string): string {
  return resolve(process.env['INIT_CWD'] ?? '.', path);
}

function runBenchmark(name: string, { only, rounds }: BenchOptions): Comparison[] {
  const contests = benchmarks[name]?.contests.filter((contest) => contest.name.includes(only)) ?? [];
  const allocations = allocateInOwnProcess(name, only);
  return contests.flatMap((contest, index) => {
    const { peers } = contest.prepare();
    const timing = timeInOwnProcess(name, contest.name, rounds);
    return comparePeers({ name: contest.name, peers }, timing, allocations[index] ?? []);
  });
}

try {
  await main(process.argv.slice(2));
  // What a failed one has left open must not keep the rest from ending.
  if (process.exitCode !== undefined) process.exit();
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  console.error(`${error.message}\n\n${helpText(all)}`);
  process.exitCode = 2;
}
