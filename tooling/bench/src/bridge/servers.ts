/** The servers that are compared, and the broker behind them. */
import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort, mosquittoRuns, requirePeer } from '@omqtt/peers';

export type ServerName = 'limit' | 'bare' | 'bridge';
export type ServerReport = { readonly port: number } | { readonly cpuMicroseconds: number };

/** As the image of the bridge has it, for all of them. */
const YOUNG_GENERATION = '--max-semi-space-size=32';

export const SECRET = 'a-secret-that-is-as-long-as-a-real-one-would-be';

export class ServerProcess {
  readonly name: ServerName;
  readonly port: number;
  readonly #child: ChildProcess;

  constructor(name: ServerName, child: ChildProcess, port: number) {
    this.name = name;
    this.port = port;
    this.#child = child;
  }

  /** Used since it started. */
  async cpuMicroseconds(): Promise<number> {
    const answer = once(this.#child, 'message', { signal: AbortSignal.timeout(30_000) });
    this.#child.send('cpu');
    const [report] = (await answer) as [ServerReport];
    return 'cpuMicroseconds' in report ? report.cpuMicroseconds : Number.NaN;
  }

  stop(): Promise<void> {
    return ended(this.#child);
  }
}

/** Resolves when it answers; the bridge, when it has its broker. */
export async function startServer(name: ServerName, broker: string): Promise<ServerProcess> {
  const script = fileURLToPath(import.meta.resolve('./server-process.ts'));
  const child = fork(script, [name, broker], { execArgv: ['--conditions=@omqtt/source', YOUNG_GENERATION] });
  const [report] = (await once(child, 'message', { signal: AbortSignal.timeout(60_000) })) as [ServerReport];
  return new ServerProcess(name, child, 'port' in report ? report.port : 0);
}

export interface RunningBroker {
  readonly url: string;
  stop(): Promise<void>;
}

/** mosquitto, as it costs little and is nobody's here. */
export async function startMosquitto(): Promise<RunningBroker> {
  const folder = mkdtempSync(join(tmpdir(), 'omqtt-bench-'));
  const port = await freePort();
  const lines = [
    `listener ${port} 127.0.0.1`,
    'allow_anonymous true',
    'user root',
    'max_inflight_messages 1000',
    'max_queued_messages 0',
  ];
  writeFileSync(join(folder, 'mosquitto.conf'), `${lines.join('\n')}\n`);
  const child = spawn(requirePeer('mosquitto').path, ['-c', join(folder, 'mosquitto.conf')], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  await mosquittoRuns(child);
  return {
    url: `mqtt://127.0.0.1:${port}`,
    stop: async () => {
      await ended(child);
      rmSync(folder, { recursive: true });
    },
  };
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill();
  await gone;
}
