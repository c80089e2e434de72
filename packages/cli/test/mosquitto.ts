/** mosquitto on a free port of loopback, ended by its process id. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, mosquittoRuns } from '@omqtt/peers';

export interface Mosquitto {
  readonly port: number;
  readonly close: () => Promise<void>;
}

export async function startMosquitto(path: string, configuration = 'allow_anonymous true'): Promise<Mosquitto> {
  const folder = mkdtempSync(join(tmpdir(), 'omqtt-mosquitto-'));
  const port = await freePort();
  writeFileSync(join(folder, 'conf'), `listener ${port} 127.0.0.1\n${configuration}\n`);
  const child = spawn(path, ['-c', join(folder, 'conf')], { stdio: ['ignore', 'ignore', 'pipe'] });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  await mosquittoRuns(child);
  return {
    port,
    close: async () => {
      child.kill('SIGKILL');
      await ended;
      rmSync(folder, { recursive: true });
    },
  };
}
