/** The options of a campaign, all of them whole numbers. `--help`, or what is none, ends the process with the usage. */
import { parseArgs } from 'node:util';

/** Nothing for an option that was not given. */
export type NumberOf = (option: string) => number | undefined;

export function readOptions(usage: string, names: readonly string[]): NumberOf {
  const refuse = (problem: string): never => {
    console.error(`${problem}\n${usage}`);
    process.exit(2);
  };
  const given = valuesOf(names, refuse);
  if (given.has('help')) {
    console.log(usage);
    process.exit();
  }
  return (option) => {
    const text = given.get(option);
    if (text === undefined) return undefined;
    return /^\d{1,15}$/.test(text)
      ? Number(text)
      : refuse(`--${option} takes a whole number, not ${JSON.stringify(text)}.`);
  };
}

function valuesOf(names: readonly string[], refuse: (problem: string) => never): ReadonlyMap<string, string> {
  const numbers = Object.fromEntries(names.map((name) => [name, { type: 'string' } as const]));
  try {
    const { values } = parseArgs({ options: { ...numbers, help: { type: 'boolean' } } });
    return new Map(Object.entries(values).map(([name, value]) => [name, String(value)]));
  } catch (error) {
    return refuse(error instanceof Error ? error.message : String(error));
  }
}
