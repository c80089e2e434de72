/** A process of its own that works on a store until it is killed. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

export interface StoreProcess {
  readonly pid: number;
  /** What it has printed, line by line; goes on growing. */
  readonly lines: readonly string[];
  /** Resolves when it has printed so many lines. */
  printed(count: number): Promise<void>;
  kill(): Promise<void>;
  /** Resolves when it is gone. */
  readonly gone: Promise<unknown>;
}

/** Runs a file of this folder. */
export function startStoreProcess(file: string, args: readonly string[]): StoreProcess {
  const flags = ['--conditions=@omqtt/source', '--disable-warning=ExperimentalWarning'];
  const child = spawn(process.execPath, [...flags, join(import.meta.dirname, file), ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const gone = once(child, 'close');
  const lines: string[] = [];
  const reader = createInterface(child.stdout);
  reader.on('line', (line) => lines.push(line));
  const kill = async (): Promise<void> => {
    child.kill('SIGKILL');
    await gone;
  };
  onTestFinished(kill);
  return {
    pid: child.pid ?? 0,
    lines,
    gone,
    kill,
    async printed(count) {
      while (lines.length < count) await Promise.race([once(reader, 'line'), gone.then(() => ended(file, lines))]);
    },
  };
}

function ended(file: string, lines: readonly string[]): never {
  throw new Error(`${file} ended early; it had printed ${JSON.stringify(lines)}`);
}
