/** What a client without Request Problem Information is spared [MQTT-3.1.2-29]. */
import type { Packet } from '@omqtt/codec';

export function withoutProblemInformation(packet: Packet): Packet {
  if (packet.type === 'publish' || packet.type === 'connack' || packet.type === 'disconnect') return packet;
  if (!('properties' in packet) || packet.properties === undefined) return packet;
  const { reasonString, userProperties, ...properties } = packet.properties as Record<string, unknown>;
  return { ...packet, properties } as Packet;
}
