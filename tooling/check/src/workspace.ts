/** The packages of a workspace as the checks see them: manifest and TypeScript files. */
import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Manifest {
  readonly name: string;
  readonly private?: boolean;
  readonly engines?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

export interface WorkspacePackage {
  /** Relative to the root, such as `packages/codec`. */
  readonly folder: string;
  readonly manifest: Manifest;
}

/** What users get: `packages/*` and `apps/*`. Tools are not in it. */
export function readProductPackages(root: string): WorkspacePackage[] {
  return globSync('{packages,apps}/*', { cwd: root })
    .filter((folder) => existsSync(join(root, folder, 'package.json')))
    .toSorted()
    .map((folder) => ({ folder, manifest: readManifest(join(root, folder, 'package.json')) }));
}

/** TypeScript files below `folder`, relative to the root, without what was installed or built. */
export function listSources(root: string, folder: string): string[] {
  return globSync(`${folder}/**/*.{ts,tsx}`, { cwd: root, exclude: ['**/node_modules/**', '**/dist/**'] }).toSorted();
}

function readManifest(path: string): Manifest {
  // Our own files: the shape is what the package manager already accepted.
  return JSON.parse(readFileSync(path, 'utf8')) as Manifest;
}
