import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { readExamples, runExample } from '@omqtt/readme-examples';
import { expect, onTestFinished, test } from 'vitest';
import { WebSocketServer } from 'ws';

const folder = join(import.meta.dirname, '..');

test('the example in the README prints what it says', async () => {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0, path: '/mqtt' });
  onTestFinished(() => server.close());
  server.on('connection', (socket) => socket.on('message', () => socket.send(Uint8Array.of(0x20, 2, 0, 0))));
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;

  const [{ program, promised }] = readExamples(folder);
  const atServer = program.replace("'localhost', port: 9001", `'127.0.0.1', port: ${port}`);
  expect(await runExample(atServer, { folder })).toEqual(promised);
});
