/** A server in a process of its own: started, waited for, killed, started again, ended. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import { isListening } from '@omqtt/peers';

export interface ServerPlan {
  readonly command: string;
  readonly args: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  /** It is ready when somebody listens there. */
  readonly port: number;
}

const READY_WITHIN_MS = 40_000;

export class ServerProcess {
  readonly #plan: ServerPlan;
  #child: ChildProcess | undefined;

  constructor(plan: ServerPlan) {
    this.#plan = plan;
  }

  /** Resolves when the port answers. */
  async start(): Promise<void> {
    const { command, args, environment, port } = this.#plan;
    // A group of its own: some servers are a script that starts another program.
    const child = spawn(command, args, {
      detached: true,
      stdio: 'ignore',
      env: { ...process.env, ...environment },
    });
    this.#child = child;
    const deadline = Date.now() + READY_WITHIN_MS;
    while (!(await isListening(port))) {
      if (child.exitCode !== null) throw new Error(`${command} ended with ${child.exitCode} before it listened`);
      if (Date.now() > deadline) throw new Error(`${command} did not listen on port ${port}`);
      await wait(50);
    }
  }

  /** SIGKILL, to the whole group: nothing is written any more. */
  async kill(): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (child?.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    process.kill(-child.pid, 'SIGKILL');
    await gone;
  }
}
