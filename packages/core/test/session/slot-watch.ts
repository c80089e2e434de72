/** Counts as a server does, in its own way, that the Receive Maximum is never exceeded [MQTT-3.3.4-7]. */
import { type ConnackPacket, isFailure, type Packet } from '@omqtt/codec';
import { inWords } from './packets.ts';

export class SlotWatch {
  #limit = 65_535;
  #unfinished = new Set<number>();

  begin({ properties }: ConnackPacket): void {
    this.#limit = properties?.receiveMaximum ?? 65_535;
    this.#unfinished = new Set();
  }

  sent(packet: Packet): void {
    if (packet.type !== 'publish' || packet.packetId === undefined) return;
    if (this.#unfinished.has(packet.packetId)) throw new Error(`${inWords(packet)} takes an id that is in use`);
    this.#unfinished.add(packet.packetId);
    if (this.#unfinished.size > this.#limit) throw new Error(`${inWords(packet)} exceeds the Receive Maximum`);
  }

  received(packet: Packet): void {
    const isLast =
      packet.type === 'puback' ||
      packet.type === 'pubcomp' ||
      (packet.type === 'pubrec' && isFailure(packet.reasonCode));
    if (isLast) this.#unfinished.delete(packet.packetId);
  }
}
