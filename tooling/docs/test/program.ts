/** Programs as a reader runs them: in a process of their own, whose output is what counts. */
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { TestContext } from 'vitest';

const docs = join(import.meta.dirname, '../../../docs');

/** What a program says in its comments that it prints. */
export function promisedLines(source: string): string[] {
  return Array.from(source.matchAll(/^\/\/ → (.*)$/gm), ([, line]) => line ?? '');
}

export interface Surroundings {
  /** Where it finds the packages, and may leave files. */
  readonly folder: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Beside that of the sources, such as `workerd`. */
  readonly condition?: string;
}

/** Hands out one line after the other, and ends with the program; throws when that fails. Leaving it tells it to end. */
export async function* startProgram(file: string, around: Surroundings): AsyncGenerator<string, void> {
  const conditions = ['@omqtt/source', ...(around.condition === undefined ? [] : [around.condition])];
  const child = spawn(
    process.execPath,
    [...conditions.map((name) => `--conditions=${name}`), '--disable-warning=ExperimentalWarning', file],
    { cwd: around.folder, env: { ...process.env, ...around.environment }, stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  try {
    yield* createInterface(child.stdout);
    const exitCode = await ended;
    if (exitCode !== 0) throw new Error(`${file} ended with ${exitCode}`);
  } finally {
    child.kill('SIGTERM');
    const impatience = setTimeout(() => child.kill('SIGKILL'), 5000);
    await ended;
    clearTimeout(impatience);
  }
}

/** All that it prints. */
export async function runProgram(file: string, around: Surroundings): Promise<string[]> {
  const lines: string[] = [];
  for await (const line of startProgram(file, around)) lines.push(line);
  return lines;
}

/** In `docs`, so that programs there find the packages by the names that users write; git ignores it. */
export function emptyFolder(onTestFinished: TestContext['onTestFinished']): string {
  const reports = join(docs, '.reports');
  mkdirSync(reports, { recursive: true });
  const folder = mkdtempSync(join(reports, 'run-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}
