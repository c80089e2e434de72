/** What `changeset version` would do to the workspace, tried on a copy of it. */
import { cpSync, existsSync, globSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { readProductPackages } from '@omqtt/check/workspace';
import { run } from '@omqtt/portability/shell';

export interface NextVersions {
  /** The one that all packages get: they are released together. */
  readonly version: string;
  readonly packages: number;
}

/** Copies the files that git knows or would know, not what is ignored. */
export async function copyWorkspace(root: string, copy: string): Promise<void> {
  const listed = await run('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], root);
  for (const path of listed.split('\0').filter((name) => name !== '' && existsSync(join(root, name)))) {
    mkdirSync(dirname(join(copy, path)), { recursive: true });
    cpSync(join(root, path), join(copy, path));
  }
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
  // A changelog names the commit of each entry, and the branch is compared with its base.
  const git = (...args: readonly string[]): Promise<string> =>
    run('git', ['-c', 'user.name=release', '-c', 'user.email=release@localhost', ...args], copy);
  await git('init', '--quiet', '--initial-branch=main');
  await git('add', '--all');
  await git('commit', '--quiet', '--message=The state to be released');
}

/** Versions the packages of `copy`, and throws if one was forgotten or a tool was taken along. */
export async function tryVersions(copy: string): Promise<NextVersions> {
  const tools = (): string => versionsOf(copy, globSync('{tooling/*,docs}/package.json', { cwd: copy }).toSorted());
  const toolsBefore = tools();
  const pending = changesets(copy);
  await run(process.execPath, [join(copy, 'node_modules/@changesets/cli/bin.js'), 'version'], copy);
  const published = readProductPackages(copy).filter(({ manifest }) => !manifest.private);
  const versions = new Set(published.map(({ folder }) => manifestOf(copy, `${folder}/package.json`).version));
  const [version = ''] = versions;
  const complaints = [
    ...(versions.size === 1 ? [] : [`The packages got different versions: ${[...versions].join(', ')}`]),
    ...(pending.length > 0 && version === '0.0.0' ? ['The packages kept the version 0.0.0'] : []),
    ...published.flatMap(({ folder }) => changelogComplaints(copy, folder, version)),
    ...changesets(copy).map((path) => `${path} was left over`),
    ...(tools() === toolsBefore ? [] : ['A tool, which nobody installs, got a version']),
  ];
  if (complaints.length > 0) throw new Error(complaints.join('\n'));
  return { version, packages: published.length };
}

function changelogComplaints(copy: string, folder: string, version: string): string[] {
  const path = join(copy, folder, 'CHANGELOG.md');
  if (!existsSync(path)) return [`${folder} has no CHANGELOG.md`];
  return readFileSync(path, 'utf8').includes(`\n## ${version}\n`)
    ? []
    : [`${folder}/CHANGELOG.md says nothing of ${version}`];
}

function changesets(folder: string): string[] {
  return globSync('.changeset/*.md', { cwd: folder }).filter((path) => !path.endsWith('README.md'));
}

function versionsOf(folder: string, paths: readonly string[]): string {
  return paths.map((path) => `${path} ${manifestOf(folder, path).version}`).join('\n');
}

function manifestOf(folder: string, path: string): { readonly version: string } {
  return JSON.parse(readFileSync(join(folder, path), 'utf8')) as { readonly version: string };
}
