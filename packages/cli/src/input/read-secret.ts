/** Asks for a secret on the terminal, and does not show what is typed. */
import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import { InterruptedError, UsageError } from '../cli-error.ts';
import type { Io } from '../io.ts';

export function readSecret(io: Io, question: string): Promise<string> {
  if (io.stdin.isTTY !== true) {
    throw new UsageError(
      'there is no terminal to ask for the password: use --password-file, --password-env or --password-cmd',
    );
  }
  io.err.write(question);
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const reader = createInterface({ input: io.stdin, output: nowhere, terminal: true });
  return new Promise<string>((resolve, reject) => {
    reader.once('line', (line) => {
      resolve(line);
      reader.close();
    });
    reader.once('SIGINT', () => {
      reject(new InterruptedError());
      reader.close();
    });
    reader.once('close', () => {
      io.err.write('\n');
      reject(new UsageError('no password was typed'));
    });
  });
}
