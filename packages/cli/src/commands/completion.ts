/** `omqtt completion`: a script for the shell, from the tables that also parse. */
import { UsageError } from '../cli-error.ts';
import type { Task } from '../command.ts';
import { bashCompletion, fishCompletion, zshCompletion } from '../documentation/completion-scripts.ts';
import { powershellCompletion } from '../documentation/powershell-completion.ts';
import { exitCodes } from '../exit-codes.ts';
import { commands } from '../command-table.ts';

const scripts: Readonly<Record<string, typeof bashCompletion>> = {
  bash: bashCompletion,
  zsh: zshCompletion,
  fish: fishCompletion,
  pwsh: powershellCompletion,
};

export function run({ io, words: [shell = ''] }: Task): Promise<number> {
  const script = scripts[shell];
  if (script === undefined) throw new UsageError(`completion is for ${Object.keys(scripts).join(', ')}`);
  io.out.write(script(commands));
  return Promise.resolve(exitCodes.done);
}
