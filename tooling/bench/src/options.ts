/** What was asked for on the command line. */
import { parseArgs } from 'node:util';

/** Paths as they were typed. */
interface Files {
  /** Where to write the results as JSON. */
  readonly json?: string;
  /** Results of an earlier run, to compare with. */
  readonly baseline?: string;
  /** Results of an earlier run, instead of measuring. */
  readonly from?: string;
  /** The folder to draw the results into. */
  readonly plots?: string;
}

export interface BenchOptions extends Files {
  readonly help: boolean;
  /** All there are when none was named. */
  readonly names: readonly string[];
  /** Only contests whose name contains this. */
  readonly only: string;
  readonly rounds: number;
  /** That the soak takes. */
  readonly minutes: number;
}

export class UsageError extends Error {
  override readonly name = 'UsageError';
}

type Registry = Readonly<Record<string, { readonly summary: string }>>;

/** All of them together take a quarter of an hour; one that is named may take its time. */
const whenAll = { rounds: 5, minutes: 2 };
const whenNamed = { rounds: 7, minutes: 10 };
/** Less does not show whether memory rises. */
const LEAST_MINUTES = 0.5;

/** Throws a `UsageError` for what cannot be done. */
export function parseOptions(args: readonly string[], registry: Registry): BenchOptions {
  const { values, positionals } = parseStrictly(args);
  const unknown = positionals.filter((name) => !Object.hasOwn(registry, name));
  if (unknown.length > 0) throw new UsageError(`There is no benchmark named ${unknown.join(', ')}.`);
  const { help = false, only = '', rounds: typedRounds, minutes: typedMinutes, ...files } = values;
  const defaults = positionals.length > 0 ? whenNamed : whenAll;
  const rounds = Number(typedRounds ?? defaults.rounds);
  if (!Number.isInteger(rounds) || rounds < 1) throw new UsageError('--rounds takes a whole number from 1 on.');
  const minutes = Number(typedMinutes ?? defaults.minutes);
  if (!(minutes >= LEAST_MINUTES && minutes <= 24 * 60)) {
    throw new UsageError(`--minutes takes a number from ${LEAST_MINUTES} to 1440.`);
  }
  const names = positionals.length > 0 ? positionals : Object.keys(registry);
  return { help, names, only, rounds, minutes, ...files };
}

export function helpText(registry: Registry): string {
  const list = Object.entries(registry).map(([name, { summary }]) => `  ${name.padEnd(14)} ${summary}`);
  return `pnpm bench [NAME...] [options]    all benchmarks when none is named

Benchmarks:
${list.join('\n')}

Options:
  --only TEXT      only the cases whose name contains TEXT
  --rounds N       rounds that are measured (default ${whenNamed.rounds}, and ${whenAll.rounds} when none is named)
  --minutes N      that the soak takes (default ${whenNamed.minutes}, and ${whenAll.minutes} when none is named)
  --json FILE      writes the results as JSON as well
  --baseline FILE  prints what has changed since the run that wrote this JSON
  --plots FOLDER   draws the results as SVG
  --from FILE      measures nothing, and takes the results from this JSON
  --help           prints this`;
}

interface Values extends Files {
  readonly help?: boolean;
  readonly only?: string;
  readonly rounds?: string;
  readonly minutes?: string;
}

function parseStrictly(args: readonly string[]): { readonly values: Values; readonly positionals: string[] } {
  const text = { type: 'string' } as const;
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        help: { type: 'boolean' },
        baseline: text,
        from: text,
        json: text,
        minutes: text,
        only: text,
        plots: text,
        rounds: text,
      },
    });
  } catch (error) {
    // Its messages are sentences that name the option.
    throw new UsageError((error as Error).message, { cause: error });
  }
}
