/** From the words of the command line to the exit code. */
import { existsSync } from 'node:fs';
import { configPlaces } from './configuration/config-places.ts';
import type { OptionTable } from './configuration/config-files.ts';
import { exitCodes } from './exit-codes.ts';
import { InterruptedError, LocalFileError, UsageError } from './cli-error.ts';
import type { Command } from './command.ts';
import { commands } from './command-table.ts';
import { adviceOn, exitCodeOf, failureAsJson, isFault, messageOf } from './explain-failure.ts';
import { type Io, pipeClosed } from './io.ts';
import { color, context, help, json, quiet, showConfig } from './options/output-options.ts';
import { nearest } from './options/nearest.ts';
import { type Elsewhere, type Given, parseArguments } from './options/parse-arguments.ts';
import { Settings, variableOf } from './options/settings.ts';
import { Talk } from './output/talk.ts';

/** Runs `omqtt` with the words of a command line; resolves with the exit code. */
export async function runCli(words: readonly string[], io: Io): Promise<number> {
  const form: ErrorForm = { isJson: looksLikeJson(words, io) };
  try {
    const code = await dispatch(words, io, form);
    await io.out.flush();
    // It is done only when what it wrote is where it should be.
    if (io.stop.aborted && io.stop.reason instanceof LocalFileError) throw io.stop.reason;
    return code;
  } catch (error) {
    if (io.stop.aborted && io.stop.reason === pipeClosed) return exitCodes.done;
    const failure: unknown = io.stop.aborted ? io.stop.reason : error;
    if (failure instanceof InterruptedError) return failure.exitCode;
    report(failure, io, form.isJson);
    return exitCodeOf(failure);
  }
}

/** Known for sure only when the options are understood. */
interface ErrorForm {
  isJson: boolean;
}

/** Good enough for errors in the options themselves. */
function looksLikeJson(words: readonly string[], { env }: Io): boolean {
  const given = words.findLast((word) => /^--(?:no-)?json(?:=|$)/.test(word));
  if (given !== undefined) return /^--json(?:=(?:1|true|yes|on))?$/i.test(given);
  return /^(?:1|true|yes|on)$/i.test(env[variableOf(json)] ?? '');
}

async function dispatch(words: readonly string[], io: Io, form: ErrorForm): Promise<number> {
  const [name = 'help', ...rest] = commandFirst(words);
  const command = commands.find((candidate) => candidate.name === name);
  if (command === undefined) throw unknownCommand(name);
  const { given, positionals } = parseArguments(rest, command.options, elsewhere(command));
  if (given.some(({ option }) => option.name === help.name)) return runCli(['help', command.name], io);
  checkWords(command, positionals);
  const tables = await tablesFor(command, given, io);
  const settings = new Settings({ options: command.options, given, env: io.env, tables });
  form.isJson = settings.get(json) === true;
  if (settings.get(showConfig) === true) {
    (await import('./configuration/show-config.ts')).showConfig(io, settings, command.options);
    return exitCodes.done;
  }
  const talk = new Talk(io, { isQuiet: settings.get(quiet) ?? false, color: settings.get(color) ?? 'auto' });
  const { run } = await command.load();
  return run({ io, talk, settings, words: positionals });
}

function elsewhere({ adviceOnOption: advice }: Command): Elsewhere | undefined {
  return advice && { options: commands.flatMap(({ options }) => options), advice };
}

/** Files are read only where there are any, and by commands that take a context. */
async function tablesFor({ options }: Command, given: readonly Given[], io: Io): Promise<readonly OptionTable[]> {
  if (!options.includes(context)) return [];
  const named = given.findLast(({ option }) => option.name === context.name)?.text ?? io.env[variableOf(context)];
  const places = configPlaces(io);
  if (named === undefined && !places.some((path) => existsSync(path))) return [];
  return (await import('./configuration/config-files.ts')).optionTables(io, options, named);
}

const synonyms: Readonly<Record<string, string>> = {
  '--help': 'help',
  '--version': 'version',
  publish: 'pub',
  subscribe: 'sub',
  request: 'req',
};

/** `omqtt --ctx NAME COMMAND …` reads like `omqtt COMMAND --ctx NAME …`. */
function commandFirst(words: readonly string[]): readonly string[] {
  const [first = 'help', second, third, ...others] = words;
  if (first === '--ctx' && second !== undefined && third !== undefined) return [third, ...others, '--ctx', second];
  if (first.startsWith('--ctx=') && second !== undefined) return [second, ...words.slice(2), first];
  return [synonyms[first] ?? first, ...words.slice(1)];
}

function unknownCommand(name: string): UsageError {
  if (name.startsWith('-')) return new UsageError(`the command comes first: omqtt COMMAND ${name} …; see omqtt help`);
  const close = nearest(name, [...commands.map((command) => command.name), ...Object.keys(synonyms)]);
  const advice = close === undefined ? 'see omqtt help' : `did you mean ${synonyms[close] ?? close}?`;
  return new UsageError(`there is no command ${JSON.stringify(name)}: ${advice}`);
}

function checkWords({ name, usage, actions, words: [least, most] }: Command, positionals: readonly string[]): void {
  if (positionals.length < least) throw new UsageError(`something is missing: omqtt ${name} ${usage}`);
  const [action] = positionals;
  if (actions !== undefined && action !== undefined && !actions.includes(action)) {
    const close = nearest(action, actions) ?? actions.join(', ');
    throw new UsageError(`omqtt ${name} has no ${JSON.stringify(action)}: did you mean ${close}?`);
  }
  if (positionals.length <= most) return;
  const surplus = JSON.stringify(positionals[most]);
  throw new UsageError(
    `${surplus} is one word too many: ${`omqtt ${name} ${usage}`.trimEnd()}; words with blanks need quotes`,
  );
}

function report(error: unknown, io: Io, wantsJson: boolean): void {
  if (wantsJson) {
    io.err.line(failureAsJson(error));
    return;
  }
  const talk = new Talk(io, { isQuiet: false, color: 'auto' });
  const details = isFault(error) && error instanceof Error ? `\n${error.stack ?? ''}` : '';
  const advice = adviceOn(error);
  talk.error(`${messageOf(error)}${advice === undefined ? '' : `\n  ${advice}`}${details}`);
}
