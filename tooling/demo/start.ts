/** `npm start`: what a thermometer and a broker say to each other, read from bytes that arrive in odd pieces. */
import { encode, PacketStream } from '@omqtt/codec';
import { conversation } from './src/conversation.ts';
import { cutInOddPieces } from './src/odd-pieces.ts';
import { lineOf } from './src/packet-line.ts';

// One stream for each direction, told which end it listens at: it refuses what that end must never hear.
const streams = {
  'to broker': new PacketStream({ version: '5.0', role: 'server' }),
  'to client': new PacketStream({ version: '5.0', role: 'client' }),
};

console.log('A conversation in MQTT 5.0 (▶ to the broker, ◀ to the client), decoded from pieces of 1 to 11 bytes:\n');

let pieces = 0;
let packets = 0;
for (const { direction, says } of conversation) {
  const bytes = Buffer.concat(says.map((packet) => encode(packet, '5.0')));
  for (const piece of cutInOddPieces(bytes)) {
    pieces += 1;
    for (const packet of streams[direction].push(piece)) {
      packets += 1;
      console.log(lineOf(packet, direction));
    }
  }
}

console.log(`\n${packets} packets from ${pieces} pieces. The code is in tooling/demo, the decoder in packages/codec.`);
