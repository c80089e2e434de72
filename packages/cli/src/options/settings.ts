/** The options of one run, from all places where they can be set: command line, variables, contexts, files. */
import { UsageError } from '../cli-error.ts';
import type { AnyOption, Option } from './option.ts';
import type { Given } from './parse-arguments.ts';

/** Where a value comes from, the strongest first. */
export interface Source {
  /** For people: `--qos`, `OMQTT_QOS`, `context dev`. */
  readonly name: string;
  readonly texts: readonly string[];
}

export interface SettingsParts {
  readonly options: readonly AnyOption[];
  readonly given: readonly Given[];
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Values by option name, the strongest table first. */
  readonly tables?: readonly { readonly name: string; readonly values: Readonly<Record<string, readonly string[]>> }[];
}

export class Settings {
  readonly #sources = new Map<string, Source>();
  readonly #values = new Map<string, unknown>();

  /** Everything is checked at once: a bad value is found before anything happens. */
  constructor(parts: SettingsParts) {
    for (const option of parts.options) {
      const source = sourceOf(option, parts);
      if (source === undefined) continue;
      this.#sources.set(option.name, source);
      this.#values.set(option.name, parseAt(option, source));
    }
  }

  get<Value>(option: Option<Value>): Value | undefined {
    return this.#values.get(option.name) as Value | undefined;
  }

  has(option: AnyOption): boolean {
    return this.#values.has(option.name);
  }

  /** Where the value comes from, for messages. */
  sourceOf(option: AnyOption): Source | undefined {
    return this.#sources.get(option.name);
  }

  isFromCommandLine(option: AnyOption): boolean {
    return this.#sources.get(option.name)?.name.startsWith('--') === true;
  }
}

export function variableOf(option: AnyOption): string {
  return `OMQTT_${option.name.toUpperCase().replaceAll('-', '_')}`;
}

function sourceOf(option: AnyOption, { given, env, tables = [] }: SettingsParts): Source | undefined {
  const typed = given.filter((one) => one.option.name === option.name).map(({ text }) => text);
  if (typed.length > 0) return { name: `--${option.name}`, texts: typed };
  const variable = variableOf(option);
  const value = env[variable];
  if (value !== undefined && value !== '') return { name: variable, texts: [value] };
  for (const { name, values } of tables) {
    const texts = values[option.name];
    if (texts !== undefined) return { name, texts };
  }
  return undefined;
}

function parseAt(option: AnyOption, { name, texts }: Source): unknown {
  try {
    return option.parse(texts);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    const place = name.startsWith('--') || name.startsWith('OMQTT_') ? name : `${option.name} (${name})`;
    throw new UsageError(`${place} ${error.message}`);
  }
}
