/** A process that is killed and started again, life after life. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { Random } from '@omqtt/testkit';

export interface LivesPlan {
  readonly file: 'publisher-process.js' | 'subscriber-process.js';
  readonly url: string;
  readonly folder: string;
  readonly random: Random;
  /** So long it lives at most once it is at work. */
  readonly longestMs: number;
  /** A life begins. */
  readonly born: () => void;
  /** Resolves when it may be killed; it goes on working until then. */
  readonly mayDie: () => Promise<void>;
}

export class Lives {
  readonly #plan: LivesPlan;
  #count = 0;
  #child: ChildProcess | undefined;

  constructor(plan: LivesPlan) {
    this.#plan = plan;
  }

  /** One life, up to the kill: mostly at work, sometimes while it starts and opens its store. */
  async liveAndDie(): Promise<void> {
    const { random, longestMs } = this.#plan;
    const child = this.#start([]);
    const gone = once(child, 'exit');
    if (random.bool(0.15)) await Promise.race([wait(random.int(0, 300)), gone]);
    else {
      // With a muted or dead broker it may never get to work.
      await Promise.race([isBusy(child), gone, wait(3000, undefined, { ref: false })]);
      await Promise.race([wait(random.int(0, longestMs)), gone]);
    }
    await this.#plan.mayDie();
    if (child.exitCode !== null) throw new Error(`${this.#plan.file} ended by itself, with ${child.exitCode}.`);
    child.kill('SIGKILL');
    await gone;
  }

  /** The last life, which nobody ends. */
  start(task: string): ChildProcess {
    return this.#start([task]);
  }

  /** Whatever has happened, nothing lives on. */
  end(): void {
    this.#child?.kill('SIGKILL');
  }

  #start(more: readonly string[]): ChildProcess {
    const { file, url, folder } = this.#plan;
    this.#count += 1;
    this.#plan.born();
    const args = [join(folder, 'processes', file), url, folder, String(this.#count), ...more];
    this.#child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    return this.#child;
  }
}

async function isBusy({ stdout }: ChildProcess): Promise<void> {
  if (stdout === null) throw new Error('The process was started without a pipe.');
  await once(stdout, 'data');
}
