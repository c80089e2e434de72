import { once } from 'node:events';
import { createServer } from 'node:net';
import { expect, test } from 'vitest';
import { freePort, freePorts, isListening } from '../src/index.ts';

test('free ports differ, and nobody listens there', async () => {
  const ports = await freePorts(20);
  expect(new Set(ports).size).toBe(20);
  const answers = await Promise.all(ports.map(isListening));
  expect(answers).toEqual(ports.map(() => false));
});

test('a server can have a free port, and listens there from then on', async () => {
  const port = await freePort();
  const server = createServer().listen(port, '127.0.0.1');
  await once(server, 'listening');
  expect(await isListening(port)).toBe(true);
  await once(server.close(), 'close');
  expect(await isListening(port)).toBe(false);
});
