/** `pnpm simulate`: a million histories of the session, or what the options say. A failure prints how to see it again. */
import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import { Session } from '@omqtt/core/session';
import { runCampaign } from './campaign.ts';
import { describeFailure, describeReport } from './campaign-text.ts';
import { loadMutant, mutants } from './mutants.ts';
import { unusualFaults, usualFaults, type Fault } from './plan.ts';

const faultNames: readonly Fault[] = [...usualFaults, ...unusualFaults];
const usage = `pnpm simulate [options]
  --histories n     how many histories to play (1000000)
  --seed n          where the random numbers begin (any)
  --only-history n  plays this one alone
  --version v       5.0 or 3.1.1 (both)
  --faults a,b      what may go wrong (${usualFaults.join(',')}),
                    and on request ${unusualFaults.join(',')}
  --mutants         plays up to 10000 histories with each of ${mutants.length} broken sessions
  --help`;

const options = readOptions();
if (options.help) console.log(usage);
else if (options.mutants) await hunt();
else simulate();

function simulate(): void {
  const { seed, histories, first, faults, version, choices } = options;
  console.log(`seed ${seed}, ${histories} histories${first > 0 ? ` from ${first}` : ''}, faults ${[...faults].join()}`);
  const started = performance.now();
  try {
    const report = runCampaign({ seed, histories, first, faults, version, Session, onProgress: makeProgress(started) });
    console.log(`\n${describeReport(report)}\nNo rule was broken in ${seconds(started).toFixed(1)} s.`);
  } catch (error) {
    console.error(`\n${describeFailure(error, choices)}`);
    process.exitCode = 1;
  }
}

/** Breaks the session in every way that is known, and looks how soon that is seen. */
async function hunt(): Promise<void> {
  const { seed, faults, version } = options;
  console.log(`seed ${seed}`);
  for (const mutant of mutants) {
    const Mutated = await loadMutant(mutant);
    let found = 'NOT FOUND';
    try {
      runCampaign({ seed, histories: 10_000, faults, version, Session: Mutated, shrinks: false });
      process.exitCode = 1;
    } catch (error) {
      found = error instanceof Error ? error.message : String(error);
    }
    console.log(`${mutant.name}: ${found}`);
  }
}

/** One line that is written over on a terminal, and a line for each tenth elsewhere. */
function makeProgress(started: number): (done: number, steps: number) => void {
  const { histories } = options;
  const interval = process.stdout.isTTY ? 2000 : Math.max(1, Math.ceil(histories / 10));
  return (done, steps) => {
    if (done % interval !== 0) return;
    const time = seconds(started);
    const line = `${done} histories, ${Math.round(done / time)} a second, ${Math.round(steps / time)} steps a second`;
    process.stdout.write(process.stdout.isTTY ? `\r${line} ` : `${line}\n`);
  };
}

function seconds(started: number): number {
  return (performance.now() - started) / 1000;
}

function readOptions() {
  const { values } = parse();
  const { seed, histories, version, faults } = values;
  const only = values['only-history'];
  if (version !== undefined && version !== '5.0' && version !== '3.1.1') refuse(`There is no version ${version}.`);
  const choices = [
    ...(version === undefined ? [] : [` --version ${version}`]),
    ...(faults === undefined ? [] : [` --faults ${faults}`]),
  ].join('');
  return {
    choices,
    help: values.help ?? false,
    mutants: values.mutants ?? false,
    seed: seed === undefined ? randomInt(2 ** 31) : wholeNumber('--seed', seed),
    first: only === undefined ? 0 : wholeNumber('--only-history', only),
    histories: only === undefined ? wholeNumber('--histories', histories ?? '1000000') : 1,
    version: version === '5.0' || version === '3.1.1' ? version : undefined,
    faults: new Set(faults === undefined ? usualFaults : faults.split(',').filter(Boolean).map(faultOf)),
  } as const;
}

function parse() {
  try {
    return parseArgs({
      options: {
        seed: { type: 'string' },
        histories: { type: 'string' },
        'only-history': { type: 'string' },
        version: { type: 'string' },
        faults: { type: 'string' },
        mutants: { type: 'boolean' },
        help: { type: 'boolean' },
      },
    });
  } catch (error) {
    return refuse(error instanceof Error ? error.message : String(error));
  }
}

function faultOf(name: string): Fault {
  const found = faultNames.find((fault) => fault === name);
  return found ?? refuse(`There is no fault named ${name}.`);
}

function wholeNumber(option: string, text: string): number {
  if (/^\d{1,15}$/.test(text)) return Number(text);
  return refuse(`${option} takes a whole number, not ${JSON.stringify(text)}.`);
}

function refuse(problem: string): never {
  console.error(`${problem}\n${usage}`);
  process.exit(2);
}
