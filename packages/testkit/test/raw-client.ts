/** The least that can talk to a broker: it sends what the test says, and keeps what comes. */
import { encode, PacketStream, type Packet, type ProtocolVersion } from '@omqtt/codec';
import type { Connection } from '@omqtt/contracts';
import type { ScriptedBroker } from '../src/index.ts';

export interface RawClient {
  readonly connection: Connection;
  readonly packets: readonly Packet[];
  readonly ends: readonly string[];
  send(...packets: readonly Packet[]): void;
}

export async function connectTo(broker: ScriptedBroker, version: ProtocolVersion = '5.0'): Promise<RawClient> {
  const target = { scheme: 'mqtt', host: 'broker', port: 1883, path: '' };
  const connection = await broker.dial(target, new AbortController().signal);
  const stream = new PacketStream({ version, role: 'client' });
  const packets: Packet[] = [];
  const ends: string[] = [];
  connection.start({
    bytes: (chunk) => packets.push(...stream.push(chunk)),
    drained: () => undefined,
    closed: (error) => ends.push(error?.code ?? 'in order'),
  });
  const send = (...sent: readonly Packet[]): void => {
    for (const packet of sent) connection.write(encode(packet, version));
  };
  return { connection, packets, ends, send };
}

export function connectPacket(clientId: string, version: ProtocolVersion = '5.0'): Packet {
  return { type: 'connect', version, clientId, cleanStart: true, keepAliveSeconds: 60 };
}
