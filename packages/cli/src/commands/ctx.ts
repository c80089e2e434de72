/** `omqtt ctx`: named sets of options in the user's file. */
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { dirname } from 'node:path';
import { stringify } from 'smol-toml';
import { LocalFileError, UsageError } from '../cli-error.ts';
import type { Task } from '../command.ts';
import { commands } from '../command-table.ts';
import { readUserFile, type UserFile, type Values } from '../configuration/config-files.ts';
import { checkReference, refusePassword } from '../configuration/secret-references.ts';
import { exitCodes } from '../exit-codes.ts';
import type { AnyOption } from '../options/option.ts';
import { nearest } from '../options/nearest.ts';

type Action = (task: Task, file: UserFile, rest: readonly string[]) => void | Promise<void>;

const actions: Readonly<Record<string, Action>> = { add, ls, show, use, rm, edit, check };

export async function run(task: Task): Promise<number> {
  const [action = 'ls', ...rest] = task.words;
  await actions[action]?.(task, readUserFile(task.io), rest);
  return exitCodes.done;
}

function add({ talk }: Task, file: UserFile, [name, ...pairs]: readonly string[]): void {
  if (name === undefined || pairs.length === 0) {
    throw new UsageError('something is missing: omqtt ctx add NAME url=mqtts://host username=me password=env:VARIABLE');
  }
  const values = Object.fromEntries(pairs.map((pair) => checkedPair(name, pair)));
  save({ ...file, current: file.current ?? name, contexts: { ...file.contexts, [name]: values } });
  talk.say(`context ${name} is in ${file.path}`);
}

function ls({ io }: Task, { contexts, current }: UserFile): void {
  for (const name of Object.keys(contexts)) io.out.line(`${name === current ? '*' : ' '} ${name}`);
}

function show({ io }: Task, file: UserFile, [name = file.current ?? '']: readonly string[]): void {
  io.out.write(stringify(contextNamed(file, name)));
  io.out.write('\n');
}

function use({ talk }: Task, file: UserFile, [name = '']: readonly string[]): void {
  contextNamed(file, name);
  save({ ...file, current: name });
  talk.say(`${name} holds where no other context is named`);
}

function rm({ talk }: Task, file: UserFile, [name = '']: readonly string[]): void {
  contextNamed(file, name);
  const { [name]: _removed, ...contexts } = file.contexts;
  save({ ...file, contexts, current: file.current === name ? undefined : file.current });
  talk.say(`context ${name} is removed`);
}

function edit({ io }: Task, file: UserFile): void {
  const editor = io.env['VISUAL'] ?? io.env['EDITOR'];
  if (editor === undefined) throw new UsageError(`set EDITOR, or edit ${file.path} yourself`);
  save(file);
  spawnSync('/bin/sh', ['-c', `${editor} "$1"`, 'sh', file.path], { stdio: 'inherit' });
  for (const [name, values] of Object.entries(readUserFile(io).contexts)) checkContext(name, values);
}

/** With a connection: what is written there has to work. */
async function check(task: Task, file: UserFile, [name = file.current ?? '']: readonly string[]): Promise<void> {
  checkContext(name, contextNamed(file, name));
  const { runCli } = await import('../run-cli.ts');
  const code = await runCli(['conn', '--once', '--ctx', name], task.io);
  if (code !== 0) throw new UsageError(`context ${name} does not connect (exit code ${code})`);
}

function contextNamed({ contexts }: UserFile, name: string): Values {
  const found = contexts[name];
  if (found !== undefined) return found;
  const names = Object.keys(contexts);
  const advice =
    names.length === 0 ? 'make one with omqtt ctx add NAME url=mqtts://host' : `there are: ${names.join(', ')}`;
  throw new UsageError(
    name === '' ? `which context? ${advice}` : `there is no context ${JSON.stringify(name)}; ${advice}`,
  );
}

function checkContext(name: string, values: Values): void {
  for (const [key, value] of Object.entries(values)) checkedPair(name, `${key}=${String(value)}`);
}

function checkedPair(context: string, pair: string): readonly [string, string | boolean] {
  const equals = pair.indexOf('=');
  if (equals < 1) throw new UsageError(`${JSON.stringify(pair)} is no KEY=VALUE, such as url=mqtts://host`);
  const [name, value] = [pair.slice(0, equals), pair.slice(equals + 1)];
  const option = optionNamed(name);
  const place = `context ${context}`;
  if (name === 'insecure') throw new UsageError('--insecure works on the command line only');
  if (option.isSecret) checkReference(place, name, value);
  else parsed(option, value);
  if (name === 'url') refusePassword(place, value);
  return [name, option.takes === 0 ? value !== 'false' : value];
}

function parsed(option: AnyOption, value: string): void {
  try {
    option.parse([value]);
  } catch (error) {
    throw error instanceof UsageError ? new UsageError(`${option.name} ${error.message}`) : error;
  }
}

function optionNamed(name: string): AnyOption {
  const all = commands.flatMap(({ options }) => options);
  const found = all.find((option) => option.name === name);
  if (found !== undefined) return found;
  const close = nearest(
    name,
    all.map((option) => option.name),
  );
  throw new UsageError(
    `there is no option ${JSON.stringify(name)}${close === undefined ? '' : `: did you mean ${close}?`}`,
  );
}

/** Whole or not at all, and readable for its owner only. */
function save({ path, current, defaults, contexts }: UserFile): void {
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    const content = { ...(current !== undefined && { current }), defaults, context: contexts };
    writeFileSync(`${path}.new`, stringify(content), { mode: 0o600 });
    renameSync(`${path}.new`, path);
  } catch (error) {
    throw new LocalFileError('write', path, error);
  }
}
