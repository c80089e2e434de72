/** The brokers that are compared, each in a process of its own. */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

export type BrokerContestant = 'omqtt' | 'aedes 1.2' | 'aedes 2.0 beta';

export type BrokerReport = { readonly port: number } | { readonly cpuMicroseconds: number };

export class BrokerProcess {
  readonly #child: ChildProcess;
  readonly port: number;

  constructor(child: ChildProcess, port: number) {
    this.#child = child;
    this.port = port;
  }

  /** Used since it started. */
  async cpuMicroseconds(): Promise<number> {
    const answer = once(this.#child, 'message');
    this.#child.send('cpu');
    const [report] = (await answer) as [BrokerReport];
    return 'cpuMicroseconds' in report ? report.cpuMicroseconds : Number.NaN;
  }

  async stop(): Promise<void> {
    const gone = once(this.#child, 'exit');
    this.#child.kill();
    await gone;
  }
}

export async function startBrokerProcess(contestant: BrokerContestant): Promise<BrokerProcess> {
  const script = fileURLToPath(import.meta.resolve('./broker-process.ts'));
  const child = fork(script, [contestant], { execArgv: ['--conditions=@omqtt/source'] });
  const [report] = (await once(child, 'message', { signal: AbortSignal.timeout(30_000) })) as [BrokerReport];
  return new BrokerProcess(child, 'port' in report ? report.port : 0);
}
