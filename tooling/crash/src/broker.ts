/** A mosquitto with persistence, which is killed and comes back with what it has saved. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { freePort, isListening } from '@omqtt/peers';

const LONGEST_WAIT_MS = 20_000;

export class Broker {
  readonly port: number;
  readonly #program: string;
  readonly #folder: string;
  #child: ChildProcess | undefined;

  private constructor(program: string, folder: string, port: number) {
    this.#program = program;
    this.#folder = folder;
    this.port = port;
  }

  static async start(program: string, parent: string): Promise<Broker> {
    const folder = `${parent}/broker`;
    mkdirSync(folder);
    const broker = new Broker(program, folder, await freePort());
    const lines = [
      'allow_anonymous true',
      `listener ${broker.port} 127.0.0.1`,
      'user root',
      'persistence true',
      `persistence_location ${folder}/`,
      // Only when it is told to, which is before it is killed.
      'autosave_interval 0',
      'max_queued_messages 0',
      // What it finds above this at its start, it takes for messages that it never sent, whatever it had written down.
      'max_inflight_messages 65535',
    ];
    writeFileSync(`${folder}/mosquitto.conf`, `${lines.join('\n')}\n`);
    await broker.run();
    return broker;
  }

  async run(): Promise<void> {
    const child = spawn(this.#program, ['-c', `${this.#folder}/mosquitto.conf`], { stdio: 'ignore' });
    this.#child = child;
    await until(`mosquitto to listen on port ${this.port}`, () => isListening(this.port));
  }

  /** Resolves when everything that the broker knew at the call is on disk. */
  async save(): Promise<void> {
    const file = `${this.#folder}/mosquitto.db`;
    const saved = (): bigint => (existsSync(file) ? statSync(file, { bigint: true }).mtimeNs : 0n);
    // A save that is under way may have begun before; the second one has seen everything.
    for (let saves = 0; saves < 2; saves += 1) {
      const before = saved();
      await until('mosquitto to save', async () => {
        if (saved() !== before) return true;
        // Again and again: it forgets a signal that comes at the end of a save.
        this.#child?.kill('SIGUSR1');
        await wait(50);
        return false;
      });
    }
  }

  async kill(): Promise<void> {
    const child = this.#child;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
  }
}

async function until(what: string, isSo: () => Promise<boolean>): Promise<void> {
  const end = performance.now() + LONGEST_WAIT_MS;
  while (!(await isSo())) {
    if (performance.now() > end) throw new Error(`Waited too long for ${what}.`);
    await wait(5);
  }
}
