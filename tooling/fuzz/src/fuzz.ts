/** `pnpm fuzz`: damaged packets for the codec, a million unless told otherwise. A failure prints how to see it again. */
import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import { runCampaign } from './campaign.ts';
import { describeFailure, describeReport } from './campaign-text.ts';

const usage = `pnpm fuzz [options]
  --cases n  how many packets to damage (1000000)
  --seed n   where the random numbers begin (any)
  --case n   tries this one alone
  --help`;

const { values } = parse();
if (values.help === true) {
  console.log(usage);
  process.exit();
}
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

function parse() {
  try {
    return parseArgs({
      options: {
        seed: { type: 'string' },
        cases: { type: 'string' },
        case: { type: 'string' },
        help: { type: 'boolean' },
      },
    });
  } catch (error) {
    return refuse(error instanceof Error ? error.message : String(error));
  }
}

function wholeNumber(option: string, text: string): number {
  if (/^\d{1,15}$/.test(text)) return Number(text);
  return refuse(`${option} takes a whole number, not ${JSON.stringify(text)}.`);
}

function refuse(problem: string): never {
  console.error(`${problem}\n${usage}`);
  process.exit(2);
}
