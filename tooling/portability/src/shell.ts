/** Runs commands, and keeps what they print until somebody wants it. */
import { spawnSync } from 'node:child_process';

// The longest installs what is a gigabyte.
const limitMs = 900_000;

/** What the command wrote to its output; throws with everything that it printed, unless it ends with 0. */
export function run(command: string, args: readonly string[], cwd: string): string {
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd, encoding: 'utf8', timeout: limitMs });
  if (error) throw new Error(`Cannot run ${command}`, { cause: error });
  if (status !== 0) throw new Error(`$ ${command} ${args.join(' ')}\n${stdout}${stderr}`);
  return stdout;
}
