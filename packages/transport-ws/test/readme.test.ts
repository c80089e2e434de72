import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, onTestFinished, test } from 'vitest';
import { WebSocketServer } from 'ws';

const packageFolder = join(import.meta.dirname, '..');
const readme = readFileSync(join(packageFolder, 'README.md'), 'utf8');

test('the example in the README prints what it says', async () => {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0, path: '/mqtt' });
  onTestFinished(() => server.close());
  server.on('connection', (socket) => socket.on('message', () => socket.send(Uint8Array.of(0x20, 2, 0, 0))));
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;

  const example = /^```ts\n(.*?)^```$/ms.exec(readme)?.[1] ?? '';
  const promised = Array.from(example.matchAll(/^\/\/ → (.*)$/gm), ([, line]) => line);
  expect(promised.length).toBeGreaterThan(0);
  expect(await run(example.replace("'localhost', port: 9001", `'127.0.0.1', port: ${port}`))).toEqual(promised);
});

/** From standard input and inside the package, so that it imports the package by the name that users write. */
async function run(program: string): Promise<string[]> {
  const options = [
    '--conditions=@omqtt/source',
    '--disable-warning=ExperimentalWarning',
    '--input-type=module-typescript',
  ];
  const child = spawn(process.execPath, [...options, '-'], { cwd: packageFolder, stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdin.end(program);
  return (await text(child.stdout)).trimEnd().split('\n');
}
