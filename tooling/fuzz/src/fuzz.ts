/**
 * `pnpm fuzz [--seed n] [--cases n]`: damaged packets for the codec, a million unless told otherwise.
 * A failure prints what it takes to see it again: `pnpm fuzz --seed n --case n`.
 */
import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import { runCampaign } from './campaign.ts';
import { describeFailure, describeReport } from './campaign-text.ts';

const { values } = parseArgs({
  options: { seed: { type: 'string' }, cases: { type: 'string' }, case: { type: 'string' } },
});
const seed = values.seed === undefined ? randomInt(2 ** 32) : wholeNumber('--seed', values.seed);
const single = values.case === undefined ? undefined : wholeNumber('--case', values.case);
const cases = single === undefined ? wholeNumber('--cases', values.cases ?? '1000000') : 1;

console.log(`seed ${seed}, ${cases} cases${single === undefined ? '' : ` from number ${single}`}`);
const started = performance.now();
try {
  const report = runCampaign({ seed, cases, first: single ?? 0, isTimed: true, onProgress: printProgress });
  console.log(`\nNo case failed in ${secondsSince(started)} s.\n${describeReport(report)}`);
} catch (error) {
  console.error(`\n${describeFailure(error, seed)}`);
  process.exitCode = 1;
}

/** One line that is written over on a terminal, and a line for each tenth elsewhere. */
function printProgress(done: number): void {
  const line = `${done} of ${cases} cases, ${secondsSince(started)} s`;
  if (process.stdout.isTTY) process.stdout.write(`\r${line}`);
  else if (Math.floor((done * 10) / cases) > Math.floor(((done - 1000) * 10) / cases)) console.log(line);
}

function secondsSince(time: number): string {
  return ((performance.now() - time) / 1000).toFixed(1);
}

function wholeNumber(option: string, text: string): number {
  if (/^\d{1,15}$/.test(text)) return Number(text);
  console.error(`${option} takes a whole number, not ${JSON.stringify(text)}.`);
  process.exit(2);
}
