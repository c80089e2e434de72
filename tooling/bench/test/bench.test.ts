import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Comparison } from '../src/comparison.ts';

interface Written {
  readonly rounds: number;
  readonly results: { readonly codec: readonly Comparison[] };
}

const packageFolder = join(import.meta.dirname, '..');

/** As `pnpm bench` does it; `INIT_CWD` is what a package manager says about where the command was typed. */
function bench(args: readonly string[], folder: string) {
  const flags = ['--expose-gc', '--conditions=@omqtt/source', 'src/bench.ts'];
  const env = { ...process.env, INIT_CWD: folder };
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

  test('prints a table, and writes the same as JSON to where the command was typed', () => {
    const folder = mkdtempSync(join(tmpdir(), 'omqtt-bench-'));
    try {
      const { status, stdout } = bench(
        ['codec', '--only', 'decode PUBACK, short', '--rounds', '1', '--json', 'b.json'],
        folder,
      );
      expect(status).toBe(0);
      expect(stdout).toMatch(/decode PUBACK, short +mqtt-packet +\d+ +\d+ +[\d.]+/);
      const written = JSON.parse(readFileSync(join(folder, 'b.json'), 'utf8')) as Written;
      expect(written.rounds).toBe(1);
      expect(written.results.codec).toHaveLength(1);
      const [comparison] = written.results.codec;
      expect(comparison).toMatchObject({ contest: 'decode PUBACK, short', peer: 'mqtt-packet' });
      expect(comparison?.ratio.median).toBeGreaterThan(0);
      expect(comparison?.peerBytes).toBeGreaterThan(0);
    } finally {
      rmSync(folder, { recursive: true });
    }
  }, 60_000);
});
