/** What a command may touch of the world: three streams, the environment, and the wish to stop. */
import type { Readable } from 'node:stream';
import { InterruptedError, LocalFileError } from './cli-error.ts';
import { OutputStream } from './output/output-stream.ts';

export interface Io {
  readonly stdin: Readable & { readonly isTTY?: boolean };
  readonly out: OutputStream;
  readonly err: OutputStream;
  readonly env: Readonly<Record<string, string | undefined>>;
  /**
   * Aborted by Ctrl-C with an `InterruptedError`, with `pipeClosed` when nobody reads the output any more, and with a
   * `LocalFileError` when it cannot be written.
   */
  readonly stop: AbortSignal;
  /** The number of the process. */
  readonly pid: number;
  readonly folder: string;
}

/** The world of a process. The second Ctrl-C ends it at once. */
export function processIo(host: NodeJS.Process): Io {
  const stop = new AbortController();
  const out = new OutputStream(host.stdout, (error) => stop.abort(reasonOf(error)));
  const err = new OutputStream(host.stderr, () => undefined);
  const onSignal = (): void => {
    if (stop.signal.aborted) host.exit(new InterruptedError().exitCode);
    stop.abort(new InterruptedError());
  };
  // Whoever waits for input would wait on, since a first Ctrl-C does not end a process that listens for it.
  stop.signal.addEventListener('abort', () => host.stdin.destroy(), { once: true });
  host.on('SIGINT', onSignal).on('SIGTERM', onSignal);
  return { stdin: host.stdin, out, err, env: host.env, stop: stop.signal, pid: host.pid, folder: host.cwd() };
}

function reasonOf(error: NodeJS.ErrnoException): unknown {
  return error.code === 'EPIPE' ? pipeClosed : new LocalFileError('write', 'standard output', error);
}

/** Not a failure: `| head` has seen enough. */
export const pipeClosed: unique symbol = Symbol('nobody reads the output any more');
