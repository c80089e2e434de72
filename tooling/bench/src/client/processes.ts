/** The processes of one comparison, and how they are asked. */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { ClientCommand, ClientContestant, ClientReport, FarEndCommand, FarEndReport } from './loads.ts';

/** One answer of a run that hangs is waited for as long as this. */
const PATIENCE_MS = 60_000;

class Child<Command extends object, Report extends { readonly type: string }> {
  readonly #process: ChildProcess;
  readonly #reports: Report[] = [];
  #wake: (() => void) | undefined;

  constructor(script: string, args: readonly string[]) {
    const execArgv = ['--expose-gc', '--conditions=@omqtt/source', ...profiling(args)];
    this.#process = fork(fileURLToPath(script), [...args], { execArgv });
    this.#process.on('message', (report) => {
      this.#reports.push(report as Report);
      this.#wake?.();
    });
    this.#process.on('exit', () => this.#wake?.());
  }

  tell(command: Command): void {
    this.#process.send(command);
  }

  /** The next report, which has to be of this type. */
  async hear<Type extends Report['type']>(type: Type): Promise<Extract<Report, { readonly type: Type }>> {
    const deadline = setTimeout(() => this.#wake?.(), PATIENCE_MS);
    if (this.#reports.length === 0) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    clearTimeout(deadline);
    const report = this.#reports.shift();
    if (report?.type !== type) throw new Error(`expected ${type}, and there was ${report?.type ?? 'nothing'}`);
    return report as Extract<Report, { readonly type: Type }>;
  }

  async stop(): Promise<void> {
    if (this.#process.exitCode !== null) return;
    const gone = once(this.#process, 'exit');
    this.#process.disconnect();
    await gone;
  }
}

export type FarEnd = Child<FarEndCommand, FarEndReport>;
export type ClientProcess = Child<ClientCommand, ClientReport>;

export async function startFarEnd(): Promise<{ readonly farEnd: FarEnd; readonly port: number }> {
  const farEnd: FarEnd = new Child(import.meta.resolve('./far-end-process.ts'), []);
  const { port } = await farEnd.hear('port');
  return { farEnd, port };
}

export async function startClient(contestant: ClientContestant, port: number): Promise<ClientProcess> {
  const client: ClientProcess = new Child(import.meta.resolve('./client-process.ts'), [contestant, String(port)]);
  await client.hear('ready');
  return client;
}

/** `OMQTT_BENCH_PROFILE=folder` has the process of our client write a CPU profile there. */
function profiling([contestant]: readonly string[]): readonly string[] {
  const folder = process.env['OMQTT_BENCH_PROFILE'];
  return folder !== undefined && contestant === 'omqtt' ? ['--cpu-prof', `--cpu-prof-dir=${folder}`] : [];
}
