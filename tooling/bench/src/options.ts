/** What was asked for on the command line. */
import { parseArgs } from 'node:util';

export interface BenchOptions {
  readonly help: boolean;
  /** All there are when none was named. */
  readonly names: readonly string[];
  /** Only contests whose name contains this. */
  readonly only: string;
  readonly rounds: number;
  /** Where to write the results as JSON. */
  readonly json?: string;
}

export class UsageError extends Error {
  override readonly name = 'UsageError';
}

type Registry = Readonly<Record<string, { readonly summary: string }>>;

const DEFAULT_ROUNDS = 7;

/** Throws a `UsageError` for what cannot be done. */
export function parseOptions(args: readonly string[], registry: Registry): BenchOptions {
  const { values, positionals } = parseStrictly(args);
  const unknown = positionals.filter((name) => !Object.hasOwn(registry, name));
  if (unknown.length > 0) throw new UsageError(`There is no benchmark named ${unknown.join(', ')}.`);
  const rounds = Number(values.rounds ?? DEFAULT_ROUNDS);
  if (!Number.isInteger(rounds) || rounds < 1) throw new UsageError('--rounds takes a whole number from 1 on.');
  return {
    help: values.help ?? false,
    names: positionals.length > 0 ? positionals : Object.keys(registry),
    only: values.only ?? '',
    rounds,
    ...(values.json !== undefined && { json: values.json }),
  };
}

export function helpText(registry: Registry): string {
  const list = Object.entries(registry).map(([name, { summary }]) => `  ${name.padEnd(14)} ${summary}`);
  return `pnpm bench [NAME...] [options]    all benchmarks when none is named

Benchmarks:
${list.join('\n')}

Options:
  --only TEXT    only the cases whose name contains TEXT
  --rounds N     rounds that are measured (default ${DEFAULT_ROUNDS})
  --json FILE    writes the results as JSON as well
  --help         prints this`;
}

function parseStrictly(args: readonly string[]): {
  readonly values: { help?: boolean; json?: string; only?: string; rounds?: string };
  readonly positionals: string[];
} {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        help: { type: 'boolean' },
        json: { type: 'string' },
        only: { type: 'string' },
        rounds: { type: 'string' },
      },
    });
  } catch (error) {
    // Its messages are sentences that name the option.
    throw new UsageError((error as Error).message, { cause: error });
  }
}
