import { tmpdir } from 'node:os';
import { expect, test } from 'vitest';
import { run } from '../src/shell.ts';

const program = (source: string): Promise<string> => run(process.execPath, ['--eval', source], tmpdir());

test('a command that ends with 0 gives what it wrote to its output, and nothing else', async () => {
  await expect(program("console.log('out'); console.error('aside')")).resolves.toBe('out\n');
});

test('a command that fails throws with all that it printed', async () => {
  const failing = program("console.log('out'); console.error('aside'); process.exitCode = 3");
  await expect(failing).rejects.toThrow(/out\naside/);
});

test('a command that is killed has failed, too', async () => {
  await expect(program("process.kill(process.pid, 'SIGKILL')")).rejects.toThrow('--eval');
});

test('a command that is not there cannot be run', async () => {
  await expect(run('no-such-command', [], tmpdir())).rejects.toThrow('Cannot run no-such-command');
});
