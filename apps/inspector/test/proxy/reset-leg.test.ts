import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';

const program = join(import.meta.dirname, 'reset-leg-process.ts');

/** Resolves when it has ended, with what it printed. */
async function run(transport: string, state: string): Promise<string> {
  const stdio = ['ignore', 'pipe', 'inherit'] as const;
  const child = spawn(process.execPath, ['--conditions=@omqtt/source', program, transport, state], {
    stdio: [...stdio],
  });
  // It is one that does not end when the fault is there.
  onTestFinished(() => void child.kill('SIGKILL'));
  let printed = '';
  child.stdout.on('data', (piece: Buffer) => (printed += piece.toString()));
  await once(child, 'close');
  return printed;
}

describe.skipIf(process.platform !== 'linux').each(['tcp', 'tls'])('a leg over %s', (transport) => {
  test.each([
    ['that goes on', 'open'],
    ['that was ended a moment before', 'ended'],
    ['that was ended and whose peer does not read what was written', 'unsent'],
  ])('%s is reset: its descriptor is gone and the process can end', async (_, state) => {
    expect(await run(transport, state)).toBe('0\n');
  });
});
