// Runs in an empty project that installed the package, in every runtime: only what all of them have is used here.
import { decode, encode } from '@omqtt/codec';
import { packetFrom } from '@omqtt/testkit/arbitraries';
import * as fc from 'fast-check';

fc.assert(
  fc.property(packetFrom('5.0', 'server'), (packet) => {
    const decoded = decode(encode(packet, '5.0', { role: 'server' }), '5.0', { role: 'client' });
    if (decoded.type !== packet.type) throw new Error(`${packet.type} came back as ${decoded.type}`);
  }),
);
