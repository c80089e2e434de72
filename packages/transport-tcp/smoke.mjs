// Runs in an empty project that installed the package, on every Node that it promises.
import { createServer } from 'node:net';
import { SocketError, tcp } from '@omqtt/transport-tcp';
import { dialSocket } from '@omqtt/transport-tcp/socket';

const server = createServer((socket) => socket.pipe(socket));
await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());

const connection = await tcp()({ scheme: 'mqtt', host: '127.0.0.1', port, path: '' }, AbortSignal.timeout(10_000));
/** @type {Uint8Array} */
const echoed = await new Promise((resolve, reject) => {
  connection.start({ bytes: resolve, drained() {}, closed: reject });
  connection.write(Uint8Array.of(0xc0, 0x00));
});
if (echoed.join() !== '192,0') throw new Error(`The connection brought ${echoed.join()} instead of 192,0`);
await connection.close();

const socket = await dialSocket({ host: '127.0.0.1', port }, {}, AbortSignal.timeout(10_000));
socket.destroy();
server.close();

// Secure contexts are where versions of Node differ: nobody listens there any more, but the context was made before.
/** @type {unknown} */
const refusal = await tcp()({ scheme: 'mqtts', host: '127.0.0.1', port, path: '' }, AbortSignal.timeout(10_000)).catch(
  /** @param {unknown} error */ (error) => error,
);
if (!(refusal instanceof SocketError) || refusal.code !== 'connection-refused') throw refusal;
