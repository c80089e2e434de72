// Runs in an empty project that installed the package, in every runtime: over WebSocket and over TCP, against a broker of
// forty lines.
import { createServer } from 'node:net';
import { encode, PacketStream } from '@omqtt/codec';
import { connect } from 'omqtt';
import { SimpleClient } from 'omqtt/simple';
import { WebSocketServer } from 'ws';

const webSocketServer = new WebSocketServer({ host: '127.0.0.1', port: 0 });
webSocketServer.on('connection', (socket) => {
  const answer = broker((bytes) => socket.send(bytes));
  socket.on('message', (data) => answer(new Uint8Array(/** @type {Buffer} */ (data))));
});
await new Promise((resolve) => webSocketServer.once('listening', () => resolve(undefined)));

const server = createServer((socket) => {
  const answer = broker((bytes) => socket.write(bytes));
  socket.on('data', answer).on('error', () => socket.destroy());
});
await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));

for (const url of [`ws://127.0.0.1:${portOf(webSocketServer)}/mqtt`, `mqtt://127.0.0.1:${portOf(server)}`]) {
  const client = await connect(url, { clientId: 'smoke', connectTimeoutMs: 10_000 });
  const subscription = client.subscribe('echo', { qos: 1 });
  await subscription.ready;
  const receipt = await client.publish('echo', url, { qos: 1 });
  const message = await subscription.next({ timeoutMs: 10_000 });
  if (message.text() !== url || receipt.qos !== 1) throw new Error(`${url} brought ${message.text()}`);
  await client.ping({ timeoutMs: 10_000 });
  await client.close();

  /** @type {string[]} */
  const topics = [];
  const simple = new SimpleClient({ clientId: 'simple', url });
  simple.setCallback((topic) => topics.push(topic));
  await simple.connect();
  await simple.subscribe('simple');
  await simple.publish('simple', 'x');
  await simple.waitMessage({ timeoutMs: 10_000 });
  await simple.disconnect();
  if (topics.join() !== 'simple') throw new Error(`The simple client got ${topics.join()}`);
}
server.close();
webSocketServer.close();
// Some runtimes wait for connections that nobody uses any more.
for (const socket of webSocketServer.clients) socket.terminate();

/** Says what a broker would, to each client about itself. @param {(bytes: Uint8Array) => void} send */
function broker(send) {
  /** @type {'5.0' | '3.1.1'} */
  let version = '5.0';
  const stream = new PacketStream({ version: 'auto', role: 'server' });
  /** @param {import('@omqtt/codec').Packet} packet */
  const say = (packet) => send(encode(packet, version));
  /** @param {Uint8Array} bytes */
  return (bytes) => {
    for (const packet of stream.push(bytes)) {
      if (packet.type === 'connect') {
        ({ version } = packet);
        say({ type: 'connack', reasonCode: 0, sessionPresent: false });
      } else if (packet.type === 'subscribe') {
        say({ type: 'suback', packetId: packet.packetId, reasonCodes: packet.subscriptions.map(({ qos }) => qos) });
      } else if (packet.type === 'publish') {
        if (packet.packetId !== undefined) say({ type: 'puback', packetId: packet.packetId, reasonCode: 0 });
        say({ type: 'publish', topic: packet.topic, payload: packet.payload, qos: 0, retain: false, dup: false });
      } else if (packet.type === 'pingreq') {
        say({ type: 'pingresp' });
      }
    }
  };
}

/** @param {{ address(): unknown }} listening */
function portOf(listening) {
  return /** @type {import('node:net').AddressInfo} */ (listening.address()).port;
}
