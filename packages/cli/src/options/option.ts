/** What an option is. One description serves parsing, help, completion, variables, contexts and the documentation. */
import { UsageError } from '../cli-error.ts';
import { parseDuration, parseInteger, parseSize } from './quantities.ts';

export type OptionGroup =
  | 'connection'
  | 'session'
  | 'security'
  | 'will'
  | 'message'
  | 'input'
  | 'output'
  | 'limits'
  | 'general';

export interface Option<Value> {
  /** The long name, without dashes. */
  readonly name: string;
  /** Other long names, such as those of mosquitto. */
  readonly aliases: readonly string[];
  readonly letter: string | undefined;
  readonly group: OptionGroup;
  readonly help: string;
  /** How many words follow; `optional` for one that may be missing. */
  readonly takes: 0 | 1 | 3 | 'optional';
  readonly valueName: string;
  readonly choices: readonly string[];
  /** Given again, it adds; otherwise the last one counts. */
  readonly repeats: boolean;
  readonly isSecret: boolean;
  /** From what was given, at least once; throws a `UsageError` without the name of the option. */
  readonly parse: (texts: readonly string[]) => Value;
}

export type AnyOption = Option<unknown>;

interface Description {
  readonly letter?: string;
  readonly aliases?: readonly string[];
  readonly group: OptionGroup;
  readonly help: string;
  readonly valueName?: string;
  readonly isSecret?: boolean;
}

export function flag(name: string, description: Description): Option<boolean> {
  return option(name, { ...description, takes: 0, parse: (given) => isYes(lastOf(given)) });
}

/** A flag that says more when it is given more often. */
export function level(name: string, description: Description): Option<number> {
  return option(name, { ...description, takes: 0, repeats: true, parse: (given) => sum(given.map(levelOf)) });
}

export function text(name: string, description: Description): Option<string> {
  return option(name, { ...description, takes: 1, parse: lastOf });
}

/** Without its value it says: ask for it. */
export function optionalText(name: string, description: Description): Option<string> {
  return option(name, { ...description, takes: 'optional', parse: lastOf });
}

export function texts(name: string, description: Description): Option<readonly string[]> {
  return option(name, { ...description, takes: 1, repeats: true, parse: (given) => given });
}

export interface Range {
  readonly least?: number;
  readonly most?: number;
}

export function integer(name: string, description: Description & Range): Option<number> {
  const parse = (given: readonly string[]): number => parseInteger(lastOf(given), description);
  return option(name, { valueName: 'N', ...description, takes: 1, parse });
}

/** In milliseconds. A number without a unit is in seconds, as mosquitto has it. */
export function duration(name: string, description: Description & Range): Option<number> {
  const parse = (given: readonly string[]): number => parseDuration(lastOf(given), description);
  return option(name, { valueName: 'TIME', ...description, takes: 1, parse });
}

export function size(name: string, description: Description): Option<number> {
  return option(name, { valueName: 'SIZE', ...description, takes: 1, parse: (given) => parseSize(lastOf(given)) });
}

/** What somebody may want with good reason, and cannot have. */
export interface RefusedChoice {
  readonly names: readonly string[];
  /** Goes on after the name of the option. */
  readonly because: string;
}

export function choice<Value extends string>(
  name: string,
  choices: Readonly<Record<Value, readonly string[]>>,
  description: Description & { readonly refused?: RefusedChoice },
): Option<Value> {
  const names = Object.keys(choices) as Value[];
  const parse = (given: readonly string[]): Value => {
    const wanted = lastOf(given).toLowerCase();
    const found = names.find((value) => value === wanted || choices[value].includes(wanted));
    if (found === undefined && description.refused?.names.includes(wanted) === true) {
      throw new UsageError(description.refused.because);
    }
    if (found === undefined) throw new UsageError(`is one of ${names.join(', ')}, not ${JSON.stringify(wanted)}`);
    return found;
  };
  return option(name, { valueName: names.join('|'), ...description, takes: 1, choices: names, parse });
}

/** Anything else, with its own way to read it. */
export function custom<Value>(
  name: string,
  description: Description & Partial<Pick<Option<Value>, 'takes' | 'repeats'>> & Pick<Option<Value>, 'parse'>,
): Option<Value> {
  return option(name, { takes: 1, ...description });
}

type Filled = 'takes' | 'parse';

function option<Value>(
  name: string,
  given: Partial<Omit<Option<Value>, Filled>> & Pick<Option<Value>, Filled> & Description,
): Option<Value> {
  const { letter, group, help, takes, parse } = given;
  const { aliases = [], valueName = 'TEXT', choices = [], repeats = false, isSecret = false } = given;
  return { name, aliases, letter, group, help, takes, valueName, choices, repeats, isSecret, parse };
}

function levelOf(given: string): number {
  if (/^\d+$/.test(given)) return Number(given);
  return isYes(given) ? 1 : 0;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function lastOf(given: readonly string[]): string {
  return given.at(-1) ?? '';
}

function isYes(given: string): boolean {
  if (/^(?:|1|true|yes|on)$/i.test(given)) return true;
  if (/^(?:0|false|no|off)$/i.test(given)) return false;
  throw new UsageError(`is true or false, not ${JSON.stringify(given)}`);
}
