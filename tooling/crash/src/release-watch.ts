/**
 * Looks for what no receiver can tell from a new message: a PUBLISH of QoS 2 that the broker sends again after its PUBREL,
 * which the standard forbids [MQTT-4.3.3-6]. mosquitto 2.0.11 does so when a connection dies while it sends PUBREL again:
 * what it had not come to is published anew on the next one.
 */
import type { Socket } from 'node:net';
import { PacketStream, type Packet } from '@omqtt/codec';

export class ReleaseWatch {
  /** The payloads of such messages. */
  readonly resent: Set<string> = new Set();
  /** Ids whose PUBREL the broker has sent, by client. */
  readonly #released = new Map<string, Set<number>>();

  look(client: Socket, broker: Socket): void {
    const upward = new PacketStream({ version: '5.0', role: 'server' });
    const downward = new PacketStream({ version: '5.0', role: 'client' });
    let released = new Set<number>();
    client.once('data', (chunk: Buffer) => {
      const [connect] = upward.push(chunk);
      const clientId = connect?.type === 'connect' ? connect.clientId : '';
      released = this.#released.get(clientId) ?? released;
      this.#released.set(clientId, released);
    });
    broker.on('data', (chunk: Buffer) => {
      for (const packet of downward.push(chunk)) this.#take(packet, released);
    });
  }

  #take(packet: Packet, released: Set<number>): void {
    if (packet.type === 'pubrel') released.add(packet.packetId);
    if (packet.type !== 'publish' || packet.qos !== 2 || packet.packetId === undefined) return;
    if (!packet.dup) released.delete(packet.packetId);
    else if (released.has(packet.packetId)) this.resent.add(Buffer.from(packet.payload).toString());
  }
}
