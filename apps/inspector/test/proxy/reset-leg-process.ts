/** A process with one leg that is reset in a certain state. Prints how many sockets stayed open, and then has to end by itself. */
import { once } from 'node:events';
import { readdirSync, readlinkSync } from 'node:fs';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import { connect as connectTls, TLSSocket } from 'node:tls';
import { SocketLeg } from '../../src/proxy/socket-leg.ts';
import { pem } from '../certificates.ts';

const [transport, state] = process.argv.slice(2);
/** More than the kernel takes for a peer that does not read. */
const UNSENT_BYTES = 32 * 1_048_576;
const TURNS_UNTIL_CLOSED = 50;

const before = openSockets();
const server = createServer({ allowHalfOpen: true }).listen(0, '127.0.0.1');
await once(server, 'listening');
const accepted = once(server, 'connection');
const peer = connect((server.address() as AddressInfo).port, '127.0.0.1').on('error', () => {});
const [carrier] = (await accepted) as [Socket];
const socket = transport === 'tls' ? await secured(carrier, peer) : carrier;
peer.pause();
const leg = new SocketLeg(socket, { peer: 'peer', carrier });
const closed = new Promise<void>((resolve) => {
  leg.start({ bytes() {}, drained() {}, ended() {}, closed: () => resolve() });
});
if (state === 'unsent') leg.write(new Uint8Array(UNSENT_BYTES));
if (state !== 'open') leg.end();
leg.reset();
await closed;
peer.destroy();
await once(server.close(), 'close');
for (let count = 0; count < TURNS_UNTIL_CLOSED; count += 1) await turn();
process.stdout.write(`${openSockets() - before}\n`);

async function secured(raw: Socket, far: Socket): Promise<Socket> {
  const near = new TLSSocket(raw, { isServer: true, cert: pem('server'), key: pem('server-key') });
  const client = connectTls({ socket: far, rejectUnauthorized: false }).on('error', () => {});
  await once(client, 'secureConnect');
  return near;
}

function openSockets(): number {
  return readdirSync('/proc/self/fd').filter((descriptor) => {
    try {
      return readlinkSync(`/proc/self/fd/${descriptor}`).startsWith('socket:');
    } catch {
      // The one with which the folder was read.
      return false;
    }
  }).length;
}
