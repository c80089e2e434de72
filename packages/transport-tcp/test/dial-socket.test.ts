import { once } from 'node:events';
import { TLSSocket } from 'node:tls';
import { expect, onTestFinished, test } from 'vitest';
import { dialSocket, SocketError, type SocketOptions, type SocketTarget } from '../src/socket.ts';
import { pem } from './certificates/pem.ts';
import { never } from './dialling.ts';
import { serve, serveTls } from './local-server.ts';
import type { Socket } from 'node:net';

async function dialled(target: SocketTarget, options: SocketOptions = {}): Promise<Socket> {
  const socket = await dialSocket(target, options, never());
  onTestFinished(() => void socket.destroy());
  return socket;
}

test('a socket has its first bytes still in it', async () => {
  const { port } = await serve((socket) => socket.write('early'));
  const socket = await dialled({ host: '127.0.0.1', port });
  const [chunk] = (await once(socket, 'data')) as [Buffer];
  expect(chunk.toString()).toBe('early');
});

test('TLS is used when its options are there', async () => {
  const { port } = await serveTls((socket) => socket.write('early'));
  const socket = await dialled({ host: '127.0.0.1', port, tls: { ca: pem('ca') } });
  expect(socket).toBeInstanceOf(TLSSocket);
  const [chunk] = (await once(socket, 'data')) as [Buffer];
  expect(chunk.toString()).toBe('early');
});

test('an error that nobody listens to yet does not end the process', async () => {
  const { port, accepted } = await serve();
  const socket = await dialled({ host: '127.0.0.1', port });
  const peer = await accepted();
  const closed = new Promise((resolve) => socket.once('close', resolve));
  socket.resume();
  peer.resetAndDestroy();
  expect(await closed).toBe(true);
  expect(socket.errored).toMatchObject({ code: 'ECONNRESET' });
});

test('options that cannot be reject', async () => {
  const wrong = { noDelays: true } as SocketOptions;
  await expect(dialSocket({ host: '127.0.0.1', port: 1 }, wrong, never())).rejects.toThrow(SocketError);
});
