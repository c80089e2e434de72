import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { networkInterfaces } from 'node:os';
import { expect, test } from 'vitest';
import { loopbackInterface, mosquittoRuns } from '../src/index.ts';

const saying = (program: string): ReturnType<typeof spawn> =>
  spawn(process.execPath, ['--eval', program], { stdio: ['ignore', 'ignore', 'pipe'] });

test('a server that says that it runs is waited for, and may say more than a pipe holds', async () => {
  const child = saying("process.stderr.write('1: mosquitto running\\n'); process.stderr.write('x'.repeat(1_000_000));");
  const ended = once(child, 'exit');
  await mosquittoRuns(child);
  expect(await ended).toEqual([0, null]);
});

test('a server that ends instead fails with what it said', async () => {
  await expect(mosquittoRuns(saying("console.error('no such file'); process.exitCode = 1"))).rejects.toThrow(
    'no such file',
  );
});

test('the loopback interface is one of this machine', () => {
  expect(networkInterfaces()[loopbackInterface()]?.some(({ internal }) => internal)).toBe(true);
});
