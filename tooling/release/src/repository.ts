/**
 * Writes into every manifest that is published where its source is. A registry takes a statement of provenance only for a
 * package that names the repository it was built in; that one is known where the workflow runs, and nowhere else.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readProductPackages } from '@omqtt/check/workspace';

export interface Hosting {
  /** Such as `https://github.com`. */
  readonly server: string;
  /** Owner and name. */
  readonly repository: string;
}

/** The names of the packages that were written. */
export function nameRepository(root: string, { server, repository }: Hosting): string[] {
  if (!/^[\w.-]+\/[\w.-]+$/.test(repository)) throw new Error(`"${repository}" is not the name of a repository`);
  const published = readProductPackages(root).filter(({ manifest }) => !manifest.private);
  return published.map(({ folder, manifest }) => {
    const path = join(root, folder, 'package.json');
    const whole = JSON.parse(readFileSync(path, 'utf8')) as object;
    const named = { type: 'git', url: `git+${server}/${repository}.git`, directory: folder };
    writeFileSync(path, `${JSON.stringify({ ...whole, repository: named }, undefined, 2)}\n`);
    return manifest.name;
  });
}
