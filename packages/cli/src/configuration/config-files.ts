/** Contexts and defaults in files: options by their long names, in TOML. Secrets stand there only by reference. */
import { existsSync, readFileSync } from 'node:fs';
import { parse } from 'smol-toml';
import { LocalFileError, UsageError } from '../cli-error.ts';
import type { Io } from '../io.ts';
import type { AnyOption } from '../options/option.ts';
import { projectFilePath, userFilePath } from './config-places.ts';
import { dereferenced } from './secret-references.ts';

/** Values by option name; the strongest table comes first. */
export interface OptionTable {
  readonly name: string;
  readonly values: Readonly<Record<string, readonly string[]>>;
}

export type Values = Readonly<Record<string, unknown>>;

export interface UserFile {
  readonly path: string;
  /** The context that holds when none is named. */
  readonly current: string | undefined;
  readonly defaults: Values;
  readonly contexts: Readonly<Record<string, Values>>;
}

export function readUserFile(io: Io): UserFile {
  const path = userFilePath(io);
  const content = existsSync(path) ? readToml(path) : {};
  const { current, defaults, context } = content;
  return {
    path,
    current: typeof current === 'string' ? current : undefined,
    defaults: tableAt(path, 'defaults', defaults),
    contexts: tableAt(path, 'context', context) as Readonly<Record<string, Values>>,
  };
}

/** Tables for the options of a command: of a context, of the project, of the user. */
export function optionTables(io: Io, options: readonly AnyOption[], named: string | undefined): readonly OptionTable[] {
  const user = readUserFile(io);
  const projectPath = projectFilePath(io);
  const { context: projectContext, ...project } = existsSync(projectPath) ? readToml(projectPath) : {};
  const asked = named ?? (typeof projectContext === 'string' ? projectContext : undefined) ?? user.current;
  const tables = [
    ...(asked === undefined ? [] : [{ name: `context ${asked}`, values: contextOf(user, asked) }]),
    { name: projectPath, values: project },
    { name: user.path, values: user.defaults },
  ];
  return tables.map(({ name, values }) => ({ name, values: textsOf(name, values, { io, options }) }));
}

function contextOf({ contexts, path }: UserFile, name: string): Values {
  const found = contexts[name];
  if (found !== undefined) return found;
  const known = Object.keys(contexts).join(', ') || 'none yet: omqtt ctx add NAME url=…';
  throw new UsageError(`there is no context ${JSON.stringify(name)} in ${path}; there are: ${known}`);
}

interface Surroundings {
  readonly io: Io;
  readonly options: readonly AnyOption[];
}

/** What another command takes may stand there too, and what nobody takes is left to `ctx check`. */
function textsOf(
  place: string,
  values: Values,
  { io, options }: Surroundings,
): Readonly<Record<string, readonly string[]>> {
  const entries = Object.entries(values).map(([name, value]) => {
    const option = options.find((candidate) => candidate.name === name || candidate.aliases.includes(name));
    const texts = (Array.isArray(value) ? value : [value]).map(String);
    return dereferenced(option?.name ?? name, texts, { place, io, isSecret: option?.isSecret ?? false });
  });
  return Object.fromEntries(entries);
}

function readToml(path: string): Values {
  try {
    return parse(readFileSync(path, 'utf8'));
  } catch (error) {
    const { syscall } = error as NodeJS.ErrnoException;
    if (syscall !== undefined) throw new LocalFileError('read', path, error);
    throw new UsageError(`${path} is no TOML: ${(error as Error).message}`);
  }
}

function tableAt(path: string, name: string, value: unknown): Values {
  if (value === undefined) return {};
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Values;
  throw new UsageError(`${name} in ${path} is no table`);
}
