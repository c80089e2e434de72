import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { PassThrough, type Duplex } from 'node:stream';
import type { Target } from '@omqtt/contracts';
import { expect, onTestFinished, test } from 'vitest';
import { webSocket } from '../../src/node/index.ts';
import { noAbort } from '../implementations.ts';
import { startRecording } from '../recording-sink.ts';
import { listen, scriptedServer } from '../scripted-server.ts';

const dial = webSocket();

async function statusServer(status: number): Promise<Target> {
  const server = createServer((_request: IncomingMessage, response) => response.writeHead(status).end());
  onTestFinished(() => void server.close());
  return { scheme: 'ws', host: '127.0.0.1', port: await listen(server), path: '/' };
}

test.each([
  { status: 301, retryable: false },
  { status: 401, retryable: false },
  { status: 404, retryable: false },
  { status: 200, retryable: false },
  { status: 429, retryable: true },
  { status: 500, retryable: true },
  { status: 503, retryable: true },
])('HTTP status $status is named, and retryable: $retryable', async ({ status, retryable }) => {
  const rejection: unknown = await dial(await statusServer(status), noAbort).catch((error: unknown) => error);
  expect(rejection).toMatchObject({ code: 'websocket-refused', phase: 'websocket', retryable });
  expect(rejection).toHaveProperty('message', expect.stringContaining(String(status)));
});

test.each([
  { title: 'no sub-protocol', headers: [] },
  { title: 'another sub-protocol', headers: ['Sec-WebSocket-Protocol: chat'] },
])('[5.0 MQTT-6.0.0-4] [3.1.1 MQTT-6.0.0-4] trying again cannot help with $title', async ({ headers }) => {
  const server = await scriptedServer();
  const dialling = dial(server.target, noAbort);
  const accepting = server.peer().then((peer) => peer.accept({ headers }));
  await expect(dialling).rejects.toMatchObject({ code: 'websocket-refused', retryable: false });
  await accepting;
});

test('what is not the answer of a WebSocket is told from a refusal', async () => {
  const server = await scriptedServer();
  const dialling = dial(server.target, noAbort);
  const accepting = server.peer().then((peer) => peer.accept({ key: 'AAAAAAAAAAAAAAAAAAAAAAAAAAA=' }));
  await expect(dialling).rejects.toMatchObject({
    code: 'websocket-protocol',
    phase: 'websocket',
    retryable: false,
  });
  await accepting;
});

test('headers are sent [parity E45]', async () => {
  const server = await scriptedServer();
  const headers = { Authorization: 'Bearer abc', 'X-Device': '7' };
  const dialling = dial({ ...server.target, headers }, noAbort);
  const peer = await server.peer();
  const request = await peer.request();
  expect(request).toMatch(/^authorization: Bearer abc\r$/im);
  expect(request).toMatch(/^x-device: 7\r$/im);
  peer.socket.destroy();
  await expect(dialling).rejects.toMatchObject({ code: 'connection-lost' });
});

test('compression is not offered', async () => {
  const server = await scriptedServer();
  const dialling = dial(server.target, noAbort);
  const peer = await server.peer();
  expect(await peer.request()).not.toMatch(/^sec-websocket-extensions/im);
  peer.socket.destroy();
  await expect(dialling).rejects.toMatchObject({ code: 'connection-lost', phase: 'websocket', retryable: true });
});

test.each([{ 'Sec-WebSocket-Key': 'x' }, { upgrade: 'h2c' }, { Authorization: 'a\r\nHost: b' }, { 'bad name': 'x' }])(
  'headers that would break the handshake are refused: %j',
  async (headers) => {
    const target = { scheme: 'ws', host: '127.0.0.1', port: 1, path: '/', headers };
    const rejection: unknown = await dial(target, noAbort).catch((error: unknown) => error);
    expect(rejection).toMatchObject({ code: 'invalid-target', phase: 'options', retryable: false });
    expect(rejection).not.toHaveProperty('message', expect.stringContaining('Host: b'));
  },
);

test('a port where nobody listens refuses the connection', async () => {
  const { port } = (await scriptedServer()).target;
  // Bound by nobody: the number above it belongs to a server that is closed again.
  const server = createServer();
  const closedPort = await listen(server);
  await new Promise((resolve) => server.close(resolve));
  expect(closedPort).not.toBe(port);
  await expect(dial({ scheme: 'ws', host: '127.0.0.1', port: closedPort, path: '/' }, noAbort)).rejects.toMatchObject({
    code: 'connection-refused',
    phase: 'connect',
    retryable: true,
  });
});

test('a name that does not exist is not found', async () => {
  const target = { scheme: 'ws', host: 'nobody.invalid', port: 80, path: '/' };
  await expect(dial(target, noAbort)).rejects.toMatchObject({ code: 'name-not-found', phase: 'dns' });
});

test('a server on IPv6 is reached by its bare address', async () => {
  const server = createServer();
  onTestFinished(() => void server.close());
  const port = await listen(server, '::1');
  const request = new Promise<IncomingMessage>((resolve) => {
    server.on('upgrade', (upgrade: IncomingMessage, socket) => {
      resolve(upgrade);
      socket.destroy();
    });
  });
  const dialling = dial({ scheme: 'ws', host: '::1', port, path: '/mqtt' }, noAbort);
  await expect(dialling).rejects.toMatchObject({ code: 'connection-lost' });
  expect((await request).headers.host).toBe(`[::1]:${port}`);
});

test('a proxy without dialSocket is refused, and the message says what to do', async () => {
  const target = {
    scheme: 'ws',
    host: 'broker.test',
    port: 80,
    path: '/',
    proxy: 'http://user:secret@proxy.test:8080',
  };
  const rejection: unknown = await dial(target, noAbort).catch((error: unknown) => error);
  expect(rejection).toMatchObject({ code: 'unsupported', phase: 'options', retryable: false });
  expect(rejection).toHaveProperty('message', expect.stringContaining('dialSocket'));
  expect(rejection).not.toHaveProperty('message', expect.stringContaining('secret'));
});

test('dialSocket opens the way, and the peer keeps the name of the target', async () => {
  const server = await scriptedServer();
  const asked: Target[] = [];
  const throughHook = webSocket({
    dialSocket: async (target) => {
      asked.push(target);
      return connect(server.target.port, '127.0.0.1');
    },
  });
  const target = { scheme: 'ws', host: 'broker.test', port: 8080, path: '/mqtt', proxy: 'socks5://proxy.test:1080' };
  const dialling = throughHook(target, noAbort);
  const peer = await server.peer();
  await peer.accept();
  const connection = await dialling;
  startRecording(connection);
  expect(asked).toEqual([target]);
  expect(connection.info.peer).toBe('broker.test:8080');
  connection.write(Uint8Array.of(0xc0, 0x00));
  expect((await peer.frame()).payload).toEqual(Buffer.of(0xc0, 0x00));
});

test('an error of dialSocket that is a TransportError stays as it is', async () => {
  const failure = Object.assign(new Error('wrong password'), {
    code: 'proxy-failed',
    phase: 'proxy',
    retryable: false,
  });
  const throughHook = webSocket({ dialSocket: () => Promise.reject(failure) });
  const target = { scheme: 'ws', host: 'broker.test', port: 80, path: '/', proxy: 'http://proxy.test' };
  await expect(throughHook(target, noAbort)).rejects.toBe(failure);
});

test('any other error of dialSocket becomes one', async () => {
  const cause = new Error('no way');
  const throughHook = webSocket({ dialSocket: () => Promise.reject(cause) });
  const target = { scheme: 'ws', host: 'broker.test', port: 80, path: '/', proxy: 'http://proxy.test' };
  await expect(throughHook(target, noAbort)).rejects.toMatchObject({ code: 'proxy-failed', phase: 'proxy', cause });
});

test('a socket that dialSocket brings after the abort is destroyed', async () => {
  let deliver: ((stream: Duplex) => void) | undefined;
  const throughHook = webSocket({ dialSocket: () => new Promise((resolve) => (deliver = resolve)) });
  const controller = new AbortController();
  const target = { scheme: 'ws', host: 'broker.test', port: 80, path: '/', proxy: 'http://proxy.test' };
  const dialling = throughHook(target, controller.signal);
  controller.abort();
  await expect(dialling).rejects.toMatchObject({ code: 'aborted', phase: 'proxy' });
  const stream = new PassThrough();
  deliver?.(stream);
  await once(stream, 'close');
});

test('options that it does not know, or that are no sizes, are refused', () => {
  expect(() => webSocket({ maxFrameByte: 1 } as object)).toThrow('maxFrameByte');
  expect(() => webSocket({ highWaterBytes: 0 })).toThrow('highWaterBytes');
  expect(() => webSocket({ closeTimeoutMs: 1.5 })).toThrow('closeTimeoutMs');
});
