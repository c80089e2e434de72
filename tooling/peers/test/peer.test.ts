import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { requirePeer, type PeerName } from '../src/index.ts';

// A name that no machine has, so that the tests say the same everywhere.
const program = 'omqtt-no-such-program' as PeerName;

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'peers-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
  vi.restoreAllMocks();
});

test('a program on the PATH is found', () => {
  const path = join(folder, program);
  writeFileSync(path, '');
  chmodSync(path, 0o755);

  expect(requirePeer(program, { PATH: folder, CI: 'true' })).toEqual({ path, isMissing: false });
});

test('a file that cannot be executed is not a program', () => {
  writeFileSync(join(folder, program), '', { mode: 0o644 });

  expect(() => requirePeer(program, { PATH: folder, CI: 'true' })).toThrow('is not installed');
});

test('outside CI a missing program is a warning', () => {
  const warn = vi.spyOn(console, 'warn').mockReturnValue();

  expect(requirePeer(program, { PATH: folder })).toEqual({ path: program, isMissing: true });
  expect(warn).toHaveBeenCalledExactlyOnceWith(expect.stringContaining('SKIPPED'));
});

test('in CI a missing program is an error', () => {
  expect(() => requirePeer(program, { PATH: folder, CI: 'true' })).toThrow('in CI no test may be left out');
});
