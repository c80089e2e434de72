/** A workspace on disk for one test. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

export type Files = Readonly<Record<string, string | object>>;

/** Writes the files into a new folder, asks `look` about it and removes it. Objects are written as JSON. */
export function inWorkspace<T>(files: Files, look: (root: string) => T): T {
  const root = mkdtempSync(join(tmpdir(), 'workspace-'));
  try {
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), typeof content === 'string' ? content : JSON.stringify(content));
    }
    return look(root);
  } finally {
    rmSync(root, { recursive: true });
  }
}
