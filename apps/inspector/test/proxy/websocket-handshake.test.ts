import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { withInspector } from '../with-inspector.ts';

test('what a server decides by whom to let in is passed on: origin, credentials, sub-protocols', async () => {
  const upstream = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  await once(upstream, 'listening');
  const asked = new Promise<Record<string, unknown>>((resolve) =>
    upstream.once('connection', (_socket, { headers, url }) => resolve({ ...headers, url })),
  );
  await using inspector = await withInspector({
    routes: [
      { listen: 'ws://127.0.0.1:0/mqtt', upstream: `ws://127.0.0.1:${(upstream.address() as AddressInfo).port}/x?y=1` },
    ],
    ui: false,
  });
  const headers = { origin: 'https://page.example', authorization: 'Basic eDp5', cookie: 'a=b', 'x-other': 'stays' };
  const client = new WebSocket(inspector.listeners[0] ?? '', ['mqttv3.1', 'mqtt'], { headers });
  const { origin, authorization, cookie, ...rest } = await asked;
  expect({ origin, authorization, cookie }).toEqual({
    origin: 'https://page.example',
    authorization: 'Basic eDp5',
    cookie: 'a=b',
  });
  expect(rest).toMatchObject({ 'sec-websocket-protocol': 'mqttv3.1,mqtt', url: '/x?y=1' });
  expect(rest).not.toHaveProperty('x-other');
  client.terminate();
  upstream.close();
});

test('a path that is not the one of the listener is not found', async () => {
  await using inspector = await withInspector({
    routes: [{ listen: 'ws://127.0.0.1:0/mqtt', upstream: 'mqtt://127.0.0.1:1' }],
    ui: false,
  });
  const client = new WebSocket((inspector.listeners[0] ?? '').replace('/mqtt', '/other'), ['mqtt']);
  const status = await new Promise((resolve) =>
    client.on('unexpected-response', (_request, response) => resolve(response.statusCode)).on('error', () => {}),
  );
  expect(status).toBe(404);
});
