/** Runs commands, and keeps what they print until somebody wants it. */
import { execFile } from 'node:child_process';

// The longest installs what is a gigabyte.
const limitMs = 900_000;
const maximumBytes = 64 * 1024 * 1024;

/** What the command wrote to its output; throws with everything that it printed, unless it ends with 0. */
export async function run(command: string, args: readonly string[], cwd: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const options = { cwd, timeout: limitMs, maxBuffer: maximumBytes };
    const child = execFile(command, args, options, (error, stdout, stderr) => {
      if (error === null) resolve(stdout);
      // A number is how it ended; a text, such as ENOENT, is why it never began.
      else if (typeof error.code === 'string') reject(new Error(`Cannot run ${command}`, { cause: error }));
      else reject(new Error(`$ ${command} ${args.join(' ')}\n${stdout}${stderr}`));
    });
    child.stdin?.end();
  });
}
