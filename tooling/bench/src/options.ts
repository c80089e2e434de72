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

const DEFAULT_ROUNDS = 7;
const DEFAULT_MINUTES = 10;

/** Throws a `UsageError` for what cannot be done. */
export function parseOptions(args: readonly string[], registry: Registry): BenchOptions {
  const { values, positionals } = parseStrictly(args);
  const unknown = positionals.filter((name) => !Object.hasOwn(registry, name));
  if (unknown.length > 0) throw new UsageError(`There is no benchmark named ${unknown.join(', ')}.`);
  const { help = false, only = '', rounds: typedRounds, minutes: typedMinutes, ...files } = values;
  const rounds = Number(typedRounds ?? DEFAULT_ROUNDS);
  if (!Number.isInteger(rounds) || rounds < 1) throw new UsageError('--rounds takes a whole number from 1 on.');
  const minutes = Number(typedMinutes ?? DEFAULT_MINUTES);
  if (!(minutes > 0 && minutes <= 24 * 60)) throw new UsageError('--minutes takes a number from above 0 to 1440.');
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
  --rounds N       rounds that are measured (default ${DEFAULT_ROUNDS})
  --minutes N      that the soak takes (default ${DEFAULT_MINUTES})
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
