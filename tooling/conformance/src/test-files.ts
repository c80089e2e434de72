import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join, relative, sep } from 'node:path';

/** A file with tests, named by its path inside the repository with forward slashes. */
export interface TestFile {
  readonly path: string;
  readonly source: string;
}

const workspaceFolders = ['packages', 'apps', 'tooling'] as const;

/** Every `*.test.ts` below the `test` folder of a package: what the test runner runs. */
export function readTestFiles(root: string): readonly TestFile[] {
  return workspaceFolders
    .flatMap((folder) => listFolders(join(root, folder)))
    .flatMap((packageFolder) => listTestFiles(join(packageFolder, 'test')))
    .map((file) => ({
      path: relative(root, file).split(sep).join('/'),
      source: readFileSync(file, 'utf8'),
    }))
    .toSorted((one, other) => (one.path < other.path ? -1 : 1));
}

function listFolders(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => join(folder, entry.name));
}

function listTestFiles(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.test.ts'))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => !file.includes(`${sep}node_modules${sep}`));
}
