import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { onTestFinished } from 'vitest';

import { runCommand } from '../src/command.ts';

export interface Outcome {
  readonly code: number;
  readonly printed: string;
  readonly complained: string;
  readonly root: string;
}

/** Runs the report in a repository that has these files and nothing else; it ends with the test. */
export function runIn(files: Readonly<Record<string, string>>, ...args: readonly string[]): Outcome {
  const root = mkdtempSync(join(tmpdir(), 'conformance-'));
  onTestFinished(() => rmSync(root, { recursive: true }));
  for (const [path, content] of Object.entries(files)) {
    const file = join(root, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
  }
  let printed = '';
  let complained = '';
  const code = runCommand(args, {
    root,
    directory: root,
    print: (text) => (printed += text),
    complain: (text) => (complained += text),
  });
  return { code, printed, complained, root };
}
