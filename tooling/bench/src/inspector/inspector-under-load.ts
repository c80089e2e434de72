/** An inspector in a process of its own, between a load and a sink. */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { ThreadTimes } from './thread-times.ts';

export type InspectorReport =
  | { readonly type: 'started'; readonly url: string; readonly apiUrl: string; readonly token: string }
  | {
      readonly type: 'usage';
      readonly cpuMicroseconds: number;
      readonly threads: ThreadTimes | undefined;
      readonly residentBytes: number;
    };

type Started = Extract<InspectorReport, { readonly type: 'started' }>;
export type Usage = Extract<InspectorReport, { readonly type: 'usage' }>;

export class InspectorUnderLoad {
  readonly #child: ChildProcess;
  readonly port: number;
  readonly apiUrl: string;
  readonly token: string;

  constructor(child: ChildProcess, { url, apiUrl, token }: Started) {
    this.#child = child;
    this.port = Number(new URL(url).port);
    this.apiUrl = apiUrl;
    this.token = token;
  }

  async usage(): Promise<Usage> {
    const answer = once(this.#child, 'message');
    this.#child.send('usage');
    const [report] = (await answer) as [Usage];
    return report;
  }

  async stop(): Promise<void> {
    const gone = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await gone;
  }
}

export async function startUnderLoad(upstreamPort: number, isPageServed: boolean): Promise<InspectorUnderLoad> {
  const script = fileURLToPath(import.meta.resolve('./inspector-process.ts'));
  const args = [`mqtt://127.0.0.1:${upstreamPort}`, isPageServed ? 'yes' : 'no'];
  const child = fork(script, args, { execArgv: ['--conditions=@omqtt/source'] });
  const [report] = (await once(child, 'message', { signal: AbortSignal.timeout(30_000) })) as [Started];
  return new InspectorUnderLoad(child, report);
}
