/** What a user's project has after the install: the lockfile that npm wrote there, read as a graph. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface InstalledPackage {
  readonly name: string;
  readonly version: string;
  /** As its manifest says, an SPDX expression; empty when it says nothing. */
  readonly licence: string;
  /** Subresource integrity of the tarball, such as `sha512-…`. */
  readonly integrity: string | undefined;
  /** In the project, such as `node_modules/ws`. */
  readonly path: string;
  /** Paths of what it depends on. */
  readonly dependencies: readonly string[];
}

interface LockedPackage {
  readonly version?: string;
  readonly license?: string;
  readonly integrity?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

/** `package-lock.json` also lists what only other platforms install: their licences count too. */
export function readInstalledPackages(project: string): InstalledPackage[] {
  const lockfile = readFileSync(join(project, 'package-lock.json'), 'utf8');
  return packagesOf((JSON.parse(lockfile) as { readonly packages: Readonly<Record<string, LockedPackage>> }).packages);
}

export function packagesOf(locked: Readonly<Record<string, LockedPackage>>): InstalledPackage[] {
  return Object.entries(locked)
    .filter(([path]) => path !== '')
    .map(([path, { version = '', license = '', integrity, ...wanted }]) => ({
      name: path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length),
      version,
      licence: license,
      integrity,
      path,
      dependencies: Object.keys({ ...wanted.peerDependencies, ...wanted.optionalDependencies, ...wanted.dependencies })
        .flatMap((name) => resolveFrom(path, name, locked) ?? [])
        .toSorted(),
    }));
}

/** As Node finds it: in the nearest `node_modules` on the way up. */
function resolveFrom(path: string, name: string, locked: Readonly<Record<string, LockedPackage>>): string | undefined {
  for (let folder = path; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/node_modules/')))) {
    const candidate = folder === '' ? `node_modules/${name}` : `${folder}/node_modules/${name}`;
    if (candidate in locked) return candidate;
    if (folder === '') return undefined;
  }
}
