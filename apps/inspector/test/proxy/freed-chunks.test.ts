import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createConnection, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { seededRandom } from '@omqtt/testkit';
import { expect, onTestFinished, test } from 'vitest';
import { startRelay } from '../../src/proxy/relay.ts';
import { SocketLeg } from '../../src/proxy/socket-leg.ts';
import { patiently } from '../patiently.ts';

const canFree = 'transfer' in ArrayBuffer.prototype;

/** A client and a server with a relay between them, and the chunks that passed. */
async function relayed(): Promise<{ client: Socket; server: Socket; chunks: Uint8Array[] }> {
  const listener = createServer({ allowHalfOpen: true });
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  const [client, clientLeg] = await pairOf(listener);
  const [serverLeg, server] = await pairOf(listener);
  const chunks: Uint8Array[] = [];
  const legs = {
    client: new SocketLeg(clientLeg, { peer: 'client' }),
    server: new SocketLeg(serverLeg, { peer: 'server' }),
  };
  const relay = startRelay(legs, { bytes: (_direction, chunk) => chunks.push(chunk), closed: () => {} });
  onTestFinished(() => {
    relay.destroy();
    for (const socket of [client, server]) socket.destroy();
    listener.close();
  });
  return { client, server, chunks };
}

async function pairOf(listener: Server): Promise<[Socket, Socket]> {
  const accepted = once(listener, 'connection') as Promise<[Socket]>;
  const { port } = listener.address() as AddressInfo;
  const dialled = createConnection({ port, host: '127.0.0.1', allowHalfOpen: true });
  const [other] = await accepted;
  for (const socket of [dialled, other]) socket.on('error', () => {});
  return [dialled, other];
}

test.skipIf(!canFree)('the memory of what was passed on goes at once, without the collector', async () => {
  const { client, server, chunks } = await relayed();
  client.write(new Uint8Array(10_000).fill(1));
  const [passed] = (await once(server, 'data')) as [Buffer];
  expect(passed.subarray(0, 3)).toEqual(Buffer.of(1, 1, 1));
  expect(chunks.length).toBeGreaterThan(0);
  expect(chunks.map(({ buffer }) => buffer.byteLength)).toEqual(chunks.map(() => 0));
});

test('what a peer does not take yet is kept, and arrives unchanged when it does', async () => {
  const { client, server, chunks } = await relayed();
  const random = seededRandom(5);
  const sent = Buffer.from(Uint32Array.from({ length: 4_000_000 }, () => random.int(0, 0xffff_ffff)).buffer);
  client.end(sent);
  // Until nothing moves any more: what the system holds for both connections is full.
  await expect.poll(() => chunks.some(({ byteLength }) => byteLength > 0), patiently).toBe(true);
  const digest = createHash('sha256');
  for await (const chunk of server) digest.update(chunk as Buffer);
  expect(digest.digest('hex')).toBe(createHash('sha256').update(sent).digest('hex'));
});
