import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const program = fileURLToPath(new URL('../src/fuzz.ts', import.meta.url));

function fuzz(...args: string[]): { status: number | null; stdout: string; stderr: string } {
  const node = ['--conditions=@omqtt/source', program, ...args];
  return spawnSync(process.execPath, node, { encoding: 'utf8', timeout: 60_000 });
}

test('--help shows the options and damages nothing', () => {
  const { status, stdout } = fuzz('--help');
  expect([status, stdout]).toEqual([0, expect.stringMatching(/^pnpm fuzz \[options\]\n {2}--cases n[\s\S]*--help\n$/)]);
});

test.each([
  [['--nonsense'], /Unknown option '--nonsense'/],
  [['--cases', 'many'], /--cases takes a whole number, not "many"\./],
])('%j is refused with what there is', (args, told) => {
  const { status, stderr } = fuzz(...args);
  expect([status, stderr]).toEqual([2, expect.stringMatching(told)]);
  expect(stderr).toContain('--case n');
});
