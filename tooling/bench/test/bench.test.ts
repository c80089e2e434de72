import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Results } from '../src/baseline.ts';

const packageFolder = join(import.meta.dirname, '..');

/** As `pnpm bench` does it; `INIT_CWD` is what a package manager says about where the command was typed. */
function bench(args: readonly string[], folder: string, more: NodeJS.ProcessEnv = {}) {
  const flags = ['--expose-gc', '--conditions=@omqtt/source', 'src/bench.ts'];
  const env = { ...process.env, INIT_CWD: folder, ...more };
  return spawnSync(process.execPath, [...flags, ...args], { cwd: packageFolder, encoding: 'utf8', env });
}

describe('the bench command', () => {
  test('refuses a benchmark that does not exist, and says which do', () => {
    const { status, stderr } = bench(['kodec'], '.');
    expect(status).toBe(2);
    expect(stderr).toContain('There is no benchmark named kodec.');
    expect(stderr).toMatch(/codec +packets to bytes and back/);
  });

  test('explains itself', () => {
    const { status, stdout } = bench(['--help'], '.');
    expect(status).toBe(0);
    expect(stdout).toContain('--rounds N');
  });

  test('prints a table, writes the same as JSON to where the command was typed, and measures the rest when one fails', () => {
    const folder = mkdtempSync(join(tmpdir(), 'omqtt-bench-'));
    try {
      const { status, stdout } = bench(
        ['codec', '--only', 'decode PUBACK, short', '--rounds', '1', '--json', 'b.json'],
        folder,
      );
      expect(status).toBe(0);
      expect(stdout).toMatch(/decode PUBACK, short +mqtt-packet +\d+ +\d+ +[\d.]+/);
      const written = JSON.parse(readFileSync(join(folder, 'b.json'), 'utf8')) as Results;
      expect(written.rounds).toBe(1);
      expect(written.results['codec']?.map(({ name, unit }) => [name, unit])).toEqual([
        ['decode PUBACK, short · omqtt', 'ns'],
        ['decode PUBACK, short · mqtt-packet', 'ns'],
        ['decode PUBACK, short, mqtt-packet by ours', '×'],
      ]);
      for (const { value } of written.results['codec'] ?? []) expect(value).toBeGreaterThan(0);

      // It has nowhere to keep its stores.
      const broken = bench(['durable', 'codec', '--only', 'decode PUBACK, short', '--rounds', '1'], folder, {
        TMPDIR: join(folder, 'missing'),
      });
      expect(broken.status).toBe(1);
      expect(broken.stdout).toMatch(/durable\n\nFAILED: .*ENOENT[^]*decode PUBACK, short +mqtt-packet +\d+/);

      const again = bench(['--from', 'b.json', '--baseline', 'b.json', '--plots', 'pictures'], folder);
      expect(again.stderr).toBe('');
      expect(again.stdout).toMatch(/decode PUBACK, short · omqtt +\d+(\.\d+)? +\d+(\.\d+)? +ns +0 %/);
      expect(readdirSync(join(folder, 'pictures'))).toEqual([]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  }, 60_000);
});
