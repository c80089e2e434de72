/** A mosquitto on a free port of loopback that keeps what it has on disk; it can be killed, and comes back. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, mosquittoRuns, requirePeer } from '@omqtt/peers';
import { onTestFinished } from 'vitest';

export const mosquitto: ReturnType<typeof requirePeer> = requirePeer('mosquitto');

export interface Mosquitto {
  readonly url: string;
  /** SIGKILL: nothing is written any more. */
  kill(): Promise<void>;
  /** On the same port. */
  start(): Promise<void>;
}

/** `users`: name and password of those who are let in; everybody without it. */
export async function startMosquitto(users: Readonly<Record<string, string>> = {}): Promise<Mosquitto> {
  const folder = mkdtempSync(join(tmpdir(), 'omqtt-bridge-mosquitto-'));
  const port = await freePort();
  const passwords = join(folder, 'passwords');
  writeFileSync(passwords, '', { mode: 0o600 });
  for (const [name, password] of Object.entries(users)) {
    execFileSync('mosquitto_passwd', ['-b', passwords, name, password], { stdio: 'ignore' });
  }
  const isOpen = Object.keys(users).length === 0;
  const lines = [
    `listener ${port} 127.0.0.1`,
    ...(isOpen ? ['allow_anonymous true'] : [`password_file ${passwords}`]),
    'persistence true',
    `persistence_location ${folder}/`,
    // Each change is on disk at once.
    'autosave_on_changes true',
    'autosave_interval 1',
    // Started by root, it would otherwise become a user who may not read the folder.
    'user root',
  ];
  writeFileSync(join(folder, 'conf'), `${lines.join('\n')}\n`);
  let child: ChildProcess | undefined;
  const kill = async (): Promise<void> => {
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
  };
  const start = async (): Promise<void> => {
    child = spawn(mosquitto.path, ['-c', join(folder, 'conf')], { stdio: ['ignore', 'ignore', 'pipe'] });
    await mosquittoRuns(child);
  };
  onTestFinished(async () => {
    await kill();
    rmSync(folder, { recursive: true });
  });
  await start();
  return { url: `mqtt://127.0.0.1:${port}`, kill, start };
}
