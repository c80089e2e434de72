/** `omqtt bench`: load, measured. */
import { type BenchReport, formatReport } from '../bench/bench-report.ts';
import { parseAssertions } from '../bench/assertions.ts';
import { ExpectationError } from '../cli-error.ts';
import type { Task } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { assertion, report } from '../options/bench-options.ts';
import { json } from '../options/output-options.ts';

export async function run(task: Task): Promise<number> {
  const { settings, words, io } = task;
  const assertions = settings.has(assertion) ? parseAssertions(settings.get(assertion) ?? '') : [];
  const result = await measured(task, words[0] ?? '');
  io.out.line(formatReport(result, settings.get(report) ?? (settings.get(json) === true ? 'json' : 'text')));
  const failed = assertions.filter(({ holds }) => !holds(result)).map(({ text }) => text);
  if (failed.length > 0) throw new ExpectationError(`does not hold: ${failed.join(', ')}`);
  return exitCodes.done;
}

async function measured(task: Task, bench: string): Promise<BenchReport> {
  if (bench === 'conn') return (await import('../bench/conn-bench.ts')).runConnBench(task);
  const { runMessageBench } = await import('../bench/message-benches.ts');
  return runMessageBench(task, bench as 'pub' | 'sub' | 'rtt' | 'fanout');
}
