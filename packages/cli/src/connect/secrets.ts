/** Passwords, from where nobody else reads them: a file, a variable, a command, or the keyboard. */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { LocalFileError, UsageError } from '../cli-error.ts';
import type { Task } from '../command.ts';
import * as login from '../options/login-options.ts';
import { ASKED_FOR } from '../options/parse-arguments.ts';
import { readSecret } from '../input/read-secret.ts';

const COMMAND_LIMIT_MS = 30_000;

export async function passwordOf({ settings, io, talk }: Task): Promise<string | undefined> {
  const file = settings.get(login.passwordFile);
  if (file !== undefined) return firstLineOf(file);
  const variable = settings.get(login.passwordEnv);
  if (variable !== undefined) {
    const value = io.env[variable];
    if (value === undefined) throw new UsageError(`the variable ${variable} of --password-env is not set`);
    return value;
  }
  const command = settings.get(login.passwordCommand);
  if (command !== undefined) return outputOf(command);
  const given = settings.get(login.password);
  if (given === ASKED_FOR) return readSecret(io, `Password for ${settings.get(login.username) ?? 'the broker'}: `);
  if (given !== undefined && settings.isFromCommandLine(login.password) && io.err.isTerminal) {
    talk.warn('others can read a password on the command line: use -P alone, --password-file, -env or -cmd');
  }
  return given;
}

export function firstLineOf(path: string): string {
  try {
    return (readFileSync(path === '-' ? 0 : path, 'utf8').split(/\r?\n/, 1)[0] ?? '').trimEnd();
  } catch (error) {
    throw new LocalFileError('read the password in', path, error);
  }
}

/** The first line that the command prints. What goes wrong is told without its output, which may be the secret. */
async function outputOf(command: string): Promise<string> {
  try {
    const shell = await promisify(execFile)('/bin/sh', ['-c', command], { timeout: COMMAND_LIMIT_MS });
    return shell.stdout.split(/\r?\n/, 1)[0] ?? '';
  } catch (error) {
    const { code } = error as { readonly code?: number | string };
    throw new UsageError(`the command of --password-cmd failed (${code ?? 'it took too long'})`);
  }
}
