/** `pnpm fuzz`: damaged packets for the codec, a million unless told otherwise. A failure prints how to see it again. */
import { randomInt } from 'node:crypto';
import { runCampaign } from './campaign.ts';
import { describeFailure, describeReport } from './campaign-text.ts';
import { readOptions } from './command-line.ts';

const usage = `pnpm fuzz [options]
  --cases n  how many packets to damage (1000000)
  --seed n   where the random numbers begin (any)
  --case n   tries this one alone
  --help`;

const numberOf = readOptions(usage, ['cases', 'seed', 'case']);
const seed = numberOf('seed') ?? randomInt(2 ** 32);
const single = numberOf('case');
const cases = single === undefined ? (numberOf('cases') ?? 1_000_000) : 1;

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
