/** Tarballs of all that is published, and empty projects that install them as a user would. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readProductPackages, type Manifest } from '@omqtt/check/workspace';
import { inLanes } from './lanes.ts';
import { run } from './shell.ts';

export interface PackedPackage {
  readonly manifest: Manifest;
  /** Its folder in the workspace. */
  readonly folder: string;
  readonly tarball: string;
  /** Paths in the tarball. */
  readonly files: readonly string[];
}

/** Packs with pnpm, which puts `publishConfig` and real versions into the manifest; npm would not. */
export async function packAll(root: string, destination: string): Promise<PackedPackage[]> {
  const members = readProductPackages(root).filter(({ manifest }) => !manifest.private);
  const packed = new Map<string, PackedPackage>();
  await inLanes(members, async ({ manifest, folder: path }) => {
    const folder = join(root, path);
    const tarball = join(destination, `${manifest.name.replace('@', '').replace('/', '-')}.tgz`);
    const printed = await run('pnpm', ['pack', '--json', '--out', tarball], folder);
    const { files } = JSON.parse(printed) as { readonly files: readonly { readonly path: string }[] };
    packed.set(path, { manifest, folder, tarball, files: files.map((each) => each.path) });
  });
  return members.flatMap(({ folder }) => packed.get(folder) ?? []);
}

/** A user wants what was built, a page to read and the licence, and nothing that only we need. */
export function refuseUnwantedFiles({ files }: PackedPackage): void {
  const missing = ['README.md', 'LICENSE', 'package.json'].filter((name) => !files.includes(name));
  if (missing.length > 0) throw new Error(`The tarball has no ${missing.join(', ')}`);
  const unwanted = files.filter((path) => !/^(?:README\.md|LICENSE|CHANGELOG\.md|package\.json|dist\/.+)$/.test(path));
  if (unwanted.length > 0) throw new Error(`The tarball should not have ${unwanted.join(', ')}`);
}

/** Makes `project` with the named packages and those of ours that they depend on. */
export async function installPacked(
  names: readonly string[],
  packed: readonly PackedPackage[],
  project: string,
): Promise<void> {
  mkdirSync(project, { recursive: true });
  const manifest = { name: 'empty-project', private: true, type: 'module' };
  writeFileSync(join(project, 'package.json'), JSON.stringify(manifest));
  const tarballs = withDependencies(names, packed).map(({ tarball }) => tarball);
  await run('npm', ['install', '--no-audit', '--no-fund', ...tarballs], project);
}

/** All of ours have to come from tarballs: the versions that they ask for are not published yet. */
function withDependencies(names: readonly string[], packed: readonly PackedPackage[]): PackedPackage[] {
  const wanted = new Set(names);
  // A set that grows while it is walked is walked to its new end.
  for (const name of wanted) {
    const found = packed.find(({ manifest }) => manifest.name === name);
    if (!found) throw new Error(`${name} is not a published package of this workspace`);
    for (const dependency of Object.keys(found.manifest.dependencies ?? {})) {
      if (packed.some(({ manifest }) => manifest.name === dependency)) wanted.add(dependency);
    }
  }
  return packed.filter(({ manifest }) => wanted.has(manifest.name));
}
