/** Runs `omqtt` as a process, and keeps what it wrote. */
import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';

export interface Finished {
  readonly status: number | null;
  readonly stdout: string;
  readonly bytes: Buffer;
  readonly stderr: string;
}

export interface RunOptions {
  readonly input?: string | Uint8Array;
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
}

/** What a test is that hangs: it ends. */
const LIMIT_MS = 20_000;

/** A process that still runs: its output can be waited for. */
export class Running {
  readonly child: ChildProcessWithoutNullStreams;
  readonly finished: Promise<Finished>;
  readonly #out: Buffer[] = [];
  readonly #err: Buffer[] = [];
  #hasEnded = false;
  readonly #watchers = new Set<() => void>();

  constructor(program: string, args: readonly string[], { input, env = {}, cwd }: RunOptions = {}) {
    const base = { PATH: process.env['PATH'] ?? '', HOME: '/nonexistent', TERM: 'xterm' };
    this.child = spawn(program, args, { env: { ...base, ...env }, ...(cwd !== undefined && { cwd }) });
    const limit = setTimeout(() => this.child.kill('SIGKILL'), LIMIT_MS);
    this.child.stdout.on('data', (chunk: Buffer) => this.#take(this.#out, chunk));
    this.child.stderr.on('data', (chunk: Buffer) => this.#take(this.#err, chunk));
    this.child.stdin.on('error', () => undefined);
    if (input !== undefined) this.child.stdin.end(input);
    this.finished = new Promise((resolve, reject) => {
      this.child.on('error', reject);
      this.child.on('close', (status) => {
        clearTimeout(limit);
        this.#hasEnded = true;
        for (const watch of this.#watchers) watch();
        const bytes = Buffer.concat(this.#out);
        resolve({ status, bytes, stdout: bytes.toString(), stderr: this.stderr });
      });
    });
  }

  get stdout(): string {
    return Buffer.concat(this.#out).toString();
  }

  get stderr(): string {
    return Buffer.concat(this.#err).toString();
  }

  /** Resolves when the output has the text; rejects when the process ends without it. */
  async shows(text: string): Promise<void> {
    while (!`${this.stdout}${this.stderr}`.includes(text)) {
      if (this.#hasEnded) throw new Error(`ended without ${JSON.stringify(text)}: ${this.stdout}${this.stderr}`);
      await new Promise<void>((resolve) => {
        const watch = (): void => {
          this.#watchers.delete(watch);
          resolve();
        };
        this.#watchers.add(watch);
      });
    }
  }

  #take(into: Buffer[], chunk: Buffer): void {
    into.push(chunk);
    for (const watch of this.#watchers) watch();
  }
}

export class Omqtt {
  readonly #bin: string;
  readonly #node: readonly string[];

  constructor(bin: string) {
    this.#bin = bin;
    // The store comes from its sources, too.
    this.#node = ['--conditions=@omqtt/source', '--disable-warning=ExperimentalWarning'];
    const program = `#!/bin/sh\nexec '${process.execPath}' ${this.#node.join(' ')} '${bin}' "$@"\n`;
    writeFileSync(join(dirname(bin), 'omqtt'), program, { mode: 0o755 });
  }

  start(args: readonly string[], options: RunOptions = {}): Running {
    return new Running(process.execPath, [...this.#node, this.#bin, ...args], options);
  }

  /** What a shell or another program would have to start. */
  words(args: readonly string[]): readonly string[] {
    return [process.execPath, ...this.#node, this.#bin, ...args];
  }

  /** Standard input is empty unless something is given. */
  run(args: readonly string[], options: RunOptions = {}): Promise<Finished> {
    return this.start(args, { input: '', ...options }).finished;
  }

  /** Lines for the shell, in which `omqtt` is this one. */
  shell(lines: string, options: RunOptions = {}): Promise<Finished> {
    const env = { PATH: `${dirname(this.#bin)}:${process.env['PATH'] ?? ''}`, ...options.env };
    return new Running('/bin/bash', ['-o', 'pipefail', '-c', lines], { input: '', ...options, env }).finished;
  }
}
