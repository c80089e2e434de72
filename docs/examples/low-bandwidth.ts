/** Sends few bytes: a topic alias stands for the topic, and there is no ping in an hour. */
import { encode } from '@omqtt/codec';
import { connect, type PacketHook } from 'omqtt';

const sizes: number[] = [];
const onPacket: PacketHook = ({ direction, packet }) => {
  if (direction === 'out' && packet.type === 'publish') sizes.push(encode(packet, '5.0').length);
};

const url = process.env['BROKER'] ?? 'mqtt://localhost';
await using client = await connect(url, { keepAliveSeconds: 3600, onPacket });

const topic = 'building/north/floor/3/room/17/temperature';
for (const reading of ['21.5', '21.6', '21.4']) await client.publish(topic, reading, { alias: 'try' });

console.log('bytes a message:', sizes.join(', '));
// → bytes a message: 54, 12, 12
