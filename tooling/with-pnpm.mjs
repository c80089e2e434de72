// Runs a script of the root package.json with the pinned pnpm, which installs first what is missing.
// Plain JavaScript for Node 20 without a dependency: this is the first file that a fresh clone runs.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import process from 'node:process';

const { packageManager } = /** @type {{ packageManager: string }} */ (
  JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))
);
const isInsidePnpm = process.env['npm_config_user_agent']?.startsWith('pnpm/') ?? false;

const command = isInsidePnpm ? 'pnpm' : 'npx';
const leading = isInsidePnpm ? [] : ['--yes', packageManager];
const { status, error } = spawnSync(command, [...leading, 'run', ...process.argv.slice(2)], {
  cwd: new URL('..', import.meta.url),
  stdio: 'inherit',
  env: { ...process.env, TURBO_TELEMETRY_DISABLED: '1' },
  shell: process.platform === 'win32', // npx and pnpm are .cmd files there
});
if (error) console.error(`Cannot run ${command}: ${error.message}`);
process.exitCode = status ?? 1;
