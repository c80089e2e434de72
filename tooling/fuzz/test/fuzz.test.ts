import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

function run(program: string, ...args: string[]): { status: number | null; stdout: string; stderr: string } {
  const path = fileURLToPath(new URL(`../src/${program}`, import.meta.url));
  const node = ['--conditions=@omqtt/source', path, ...args];
  return spawnSync(process.execPath, node, { encoding: 'utf8', timeout: 60_000 });
}

test.each([
  ['fuzz.ts', /^pnpm fuzz \[options\]\n {2}--cases n[\s\S]*--help\n$/],
  ['broker-fuzz.ts', /^pnpm fuzz:broker \[options\]\n {2}--connections n[\s\S]*--help\n$/],
])('%s --help shows the options and damages nothing', (program, told) => {
  const { status, stdout } = run(program, '--help');
  expect([status, stdout]).toEqual([0, expect.stringMatching(told)]);
});

test.each([
  [['--nonsense'], /Unknown option '--nonsense'/],
  [['--cases', 'many'], /--cases takes a whole number, not "many"\./],
])('%j is refused with what there is', (args, told) => {
  const { status, stderr } = run('fuzz.ts', ...args);
  expect([status, stderr]).toEqual([2, expect.stringMatching(told)]);
  expect(stderr).toContain('--case n');
});
