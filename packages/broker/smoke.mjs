// Runs in an empty project that installed the package, on every Node that it promises: a subscriber gets a message.
import { createConnection } from 'node:net';
import { startBroker } from '@omqtt/broker';
import { encode, PacketStream } from '@omqtt/codec';

const broker = await startBroker({ listeners: [{ type: 'tcp' }, { type: 'ws' }] });
const socket = createConnection(Number(new URL(broker.url).port), '127.0.0.1');
const stream = new PacketStream({ version: '5.0', role: 'client' });
/** @param {import('@omqtt/codec').Packet} packet */
const send = (packet) => socket.write(encode(packet, '5.0'));

send({ type: 'connect', version: '5.0', clientId: 'smoke', cleanStart: true, keepAliveSeconds: 0 });
const filter = { filter: 'a/+', qos: /** @type {const} */ (0), noLocal: false, retainAsPublished: false };
send({ type: 'subscribe', packetId: 1, subscriptions: [{ ...filter, retainHandling: 0 }] });

/** @type {string[]} */
const received = [];
for await (const data of socket) {
  const chunk = /** @type {Buffer} */ (data);
  for (const packet of stream.push(new Uint8Array(chunk))) {
    received.push(packet.type);
    if (packet.type === 'suback') await broker.publish({ topic: 'a/b', payload: 'x' });
  }
  if (received.includes('publish')) break;
}
if (received.join() !== 'connack,suback,publish') throw new Error(`The client got ${received.join()}`);
await broker.close();
