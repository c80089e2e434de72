/**
 * Runs every check and says which one failed: `node src/check.ts` for all, `node src/check.ts lint types` for some.
 * Each part is a command that can be copied from the output and run alone in the root of the workspace.
 */
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { readProductPackages } from './workspace.ts';

const root = join(import.meta.dirname, '../../..');

const parts: Readonly<Record<string, readonly string[]>> = {
  format: ['oxfmt --check'],
  lint: ['oxlint'],
  boundaries: ['node tooling/check/src/boundaries.ts'],
  types: typeProjects().map((project) => `tsc -p ${project}`),
  unused: ['knip'],
  versions: ['sherif'],
  diagram: ['node --conditions=@omqtt/source packages/core/scripts/state-diagram.ts --check'],
  reference: ['node --conditions=@omqtt/source tooling/docs/src/reference.ts --check'],
  api: ['node tooling/docs/src/check-api.ts'],
  'left-out-tests': ['node tooling/check/src/left-out-tests.ts'],
  conformance: ['node tooling/conformance/src/report.ts --require codec --require session --require transport'],
  parity: ['node tooling/conformance/src/parity.ts --check'],
};

/**
 * The root has tests and tools, `docs` has the examples; each package has its own world, often without the names of a platform, and some a part
 * with a narrower one, such as `tsconfig.session.json`.
 */
function typeProjects(): string[] {
  const folders = readProductPackages(root).map(({ folder }) => folder);
  return ['.', 'docs', ...folders.flatMap((folder) => worldsOf(folder).map((name) => join(folder, name)))];
}

// All but the one that writes what is published.
function worldsOf(folder: string): string[] {
  const names = readdirSync(join(root, folder));
  return names.filter((name) => /^tsconfig(\.\w+)?\.json$/.test(name) && name !== 'tsconfig.build.json');
}

function passes(name: string, commands: readonly string[]): boolean {
  const started = performance.now();
  const failed = commands.map(run).filter((output) => output !== undefined);
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(`${failed.length === 0 ? 'ok    ' : 'FAILED'} ${name} (${seconds} s)`);
  for (const output of failed) console.log(output);
  return failed.length === 0;
}

/** What a command printed when it failed, after the command itself. */
function run(command: string): string | undefined {
  const { status, stdout, stderr } = spawnSync(command, { cwd: root, encoding: 'utf8', shell: true });
  return status === 0 ? undefined : `$ ${command}\n${stdout}${stderr}`;
}

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !(name in parts));
if (unknown.length > 0) {
  console.error(`There is no check named ${unknown.join(', ')}. There are ${Object.keys(parts).join(', ')}.`);
  process.exit(2);
}

const chosen = Object.entries(parts).filter(([name]) => asked.length === 0 || asked.includes(name));
const broken = chosen.filter(([name, commands]) => !passes(name, commands)).map(([name]) => name);
console.log(broken.length === 0 ? 'All checks passed.' : `Failed: ${broken.join(', ')}`);
process.exitCode = broken.length === 0 ? 0 : 1;
