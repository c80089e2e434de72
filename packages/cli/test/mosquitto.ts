/** mosquitto on a free port of loopback, ended by its process id. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createConnection, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Mosquitto {
  readonly port: number;
  readonly close: () => Promise<void>;
}

export async function startMosquitto(path: string, configuration = 'allow_anonymous true'): Promise<Mosquitto> {
  const folder = mkdtempSync(join(tmpdir(), 'omqtt-mosquitto-'));
  const port = await freePort();
  writeFileSync(join(folder, 'conf'), `listener ${port} 127.0.0.1\n${configuration}\n`);
  const child = spawn(path, ['-c', join(folder, 'conf')], { stdio: 'ignore' });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  await listening(port, 100);
  return {
    port,
    close: async () => {
      child.kill('SIGKILL');
      await ended;
      rmSync(folder, { recursive: true });
    },
  };
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer();
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}

/** Tries again until something listens; each try fails by itself. */
async function listening(port: number, tries: number): Promise<void> {
  const isOpen = await new Promise<boolean>((resolve) => {
    const socket = createConnection(port, '127.0.0.1');
    socket.once('connect', () => resolve(true)).once('error', () => setTimeout(() => resolve(false), 50));
    socket.once('connect', () => socket.destroy());
  });
  if (isOpen) return;
  if (tries === 0) throw new Error('mosquitto does not listen');
  await listening(port, tries - 1);
}
