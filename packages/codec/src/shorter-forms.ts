/** What may be left out of an answer so that it fits into the Maximum Packet Size of the peer. */
import type { Packet } from './packet.ts';

/**
 * Ever shorter forms of a packet. The reason string and the user properties of an answer give way, so that the answer
 * still leaves [MQTT-3.4.2-2, MQTT-3.4.2-3 and their like]; in CONNECT, PUBLISH, SUBSCRIBE and UNSUBSCRIBE the user
 * properties belong to the application, and nothing may go.
 */
export function shorterForms(packet: Packet): Packet[] {
  if (/^(connect|publish|subscribe|unsubscribe)$/.test(packet.type) || !('properties' in packet)) return [];
  const { userProperties, ...withoutUserProperties } = packet.properties ?? {};
  const { reasonString, ...bare } = withoutUserProperties as { readonly reasonString?: string };
  // The type of the whole is kept: only optional members are gone.
  return [withoutUserProperties, bare].map((properties) => ({ ...packet, properties }) as Packet);
}
