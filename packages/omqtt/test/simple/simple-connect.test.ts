import { createServer } from 'node:net';
import { type Packet, PacketStream } from '@omqtt/codec';
import { expect, onTestFinished, test } from 'vitest';
import { SimpleClient } from '../../src/simple/index.ts';

/** Takes what comes, and never answers. */
async function silentServer(): Promise<{
  readonly port: number;
  readonly received: Packet[];
  readonly open: () => number;
}> {
  const received: Packet[] = [];
  let open = 0;
  const server = createServer((socket) => {
    open += 1;
    const stream = new PacketStream({ version: '3.1.1', role: 'server' });
    socket.on('data', (chunk) => received.push(...stream.push(chunk)));
    socket.on('close', () => (open -= 1));
    socket.on('error', () => undefined);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return { port: (server.address() as { port: number }).port, received, open: () => open };
}

test('[parity M1, M4] connecting says who it is and how long it may be silent, and has a time limit', async () => {
  const server = await silentServer();
  const url = `mqtt://127.0.0.1:${server.port}`;
  const client = new SimpleClient({ clientId: 'device', url, username: 'me', password: 'secret', keepAliveSeconds: 7 });
  client.setLastWill('gone', 'device', { qos: 1, retain: true });
  await expect(client.connect({ timeoutMs: 200 })).rejects.toMatchObject({ code: 'timed-out' });
  expect(server.received[0]).toMatchObject({
    type: 'connect',
    version: '3.1.1',
    clientId: 'device',
    cleanStart: true,
    keepAliveSeconds: 7,
    username: 'me',
    password: new TextEncoder().encode('secret'),
    will: { topic: 'gone', qos: 1, retain: true },
  });
  expect(client.isConnected).toBe(false);
  await expect.poll(server.open).toBe(0);
});

test('an option that does not exist is refused by every call, with those that do', async () => {
  const client = new SimpleClient({ clientId: 'device', url: 'mqtt://127.0.0.1:1' });
  client.setCallback(() => undefined);
  const misspelt = { Qos: 1 } as object;
  const told = 'option `Qos` does not exist; there are';
  expect(() => client.setLastWill('a', 'b', misspelt)).toThrow(told);
  await expect(client.connect(misspelt)).rejects.toThrow(told);
  await expect(client.publish('a', 'b', misspelt)).rejects.toThrow(told);
  await expect(client.subscribe('a', misspelt)).rejects.toThrow(told);
  await expect(client.waitMessage(misspelt)).rejects.toThrow(told);
  const unknown = new SimpleClient({ clientId: 'device', url: 'mqtt://127.0.0.1:1', user: 'me' } as never);
  await expect(unknown.connect()).rejects.toThrow('option `user` does not exist');
});
