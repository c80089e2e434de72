/** What everybody has to know who starts a mosquitto. */
import type { ChildProcess } from 'node:child_process';
import { networkInterfaces } from 'node:os';

const PATIENCE_MS = 20_000;

/** Resolves when it says that it runs, on its standard error, which has to be a pipe and a `log_dest`. */
export async function mosquittoRuns(child: ChildProcess): Promise<void> {
  const { stderr } = child;
  if (!stderr) throw new Error('mosquitto was started without a pipe.');
  let log = '';
  await new Promise<void>((resolve, reject) => {
    const finish = (settle: () => void): void => {
      clearTimeout(timer);
      child.off('exit', onExit);
      stderr.off('data', onData);
      // What it says later must not fill the pipe.
      stderr.resume();
      settle();
    };
    const onExit = (): void => finish(() => reject(new Error(`mosquitto did not start:\n${log}`)));
    const onData = (text: Buffer): void => {
      log += text.toString();
      if (log.includes(' running')) finish(resolve);
    };
    const timer = setTimeout(
      () => finish(() => reject(new Error(`mosquitto does not say that it runs:\n${log}`))),
      PATIENCE_MS,
    );
    child.once('exit', onExit);
    stderr.on('data', onData);
  });
}

/** Version 2.0.11 binds a listener for WebSocket only to an interface. */
export function loopbackInterface(): string {
  const [name] = Object.entries(networkInterfaces()).find(([, addresses]) => addresses?.[0]?.internal) ?? [];
  if (name === undefined) throw new Error('This machine has no loopback interface.');
  return name;
}
