/** A broker without a script, for tests with many packets: it gathers what comes, and says what the test tells it. */
import { PacketEncoder, type Packet, PacketStream, type PublishPacket } from '@omqtt/codec';
import type { MemoryConnection, MemoryTransport } from '@omqtt/testkit';

export interface FastBroker {
  /** Since the last look. */
  take(): Packet[];
  send(packets: readonly Packet[]): void;
}

/** Takes the next connection, and answers its CONNECT. */
export async function fastBroker(transport: MemoryTransport): Promise<FastBroker> {
  const connection = await transport.accept();
  const received: Packet[] = [];
  const stream = new PacketStream({ version: '5.0', role: 'server' });
  const say = (packets: readonly Packet[]): void => write(connection, packets);
  connection.start({
    bytes: (chunk) => {
      for (const packet of stream.push(chunk)) {
        if (packet.type !== 'connect') received.push(packet);
        else say([{ type: 'connack', sessionPresent: false, reasonCode: 0, properties: { assignedClientId: 'x' } }]);
      }
    },
    drained: () => undefined,
    closed: () => undefined,
  });
  return { take: () => received.splice(0), send: say };
}

export function isPublish(packet: Packet): packet is PublishPacket {
  return packet.type === 'publish';
}

function write(connection: MemoryConnection, packets: readonly Packet[]): void {
  const encoder = new PacketEncoder({ version: '5.0', role: 'server' });
  for (const packet of packets) encoder.append(packet);
  connection.write(encoder.take());
}
