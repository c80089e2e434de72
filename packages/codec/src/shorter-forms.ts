/** What may be left out of an answer so that it fits into the Maximum Packet Size of the peer. */
import type { Packet } from './packet.ts';
import { propertySets, type PropertySet } from './property-table.ts';

/**
 * Ever shorter forms of a packet. The reason string and the user properties of an answer give way, so that the answer
 * still leaves [MQTT-3.4.2-2, MQTT-3.4.2-3 and their like]; in CONNECT, PUBLISH, SUBSCRIBE and UNSUBSCRIBE the user
 * properties belong to the application, and nothing may go.
 */
export function shorterForms(packet: Packet): Packet[] {
  // An answer is what may carry a reason string; PINGREQ and PINGRESP have no set at all.
  const sets: Readonly<Record<string, PropertySet | undefined>> = propertySets;
  if (!sets[packet.type]?.facts['reasonString']) return [];
  const { properties } = packet as { readonly properties?: object };
  const shorter = { ...properties, userProperties: undefined };
  return [shorter, { ...shorter, reasonString: undefined }].map(
    (left) => ({ ...packet, properties: left }) as object as Packet,
  );
}
