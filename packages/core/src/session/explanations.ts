/** Reason strings and user properties explain a packet to people; they give way where the server has no room for them. */
import { encode, type AcknowledgementPacket, type DisconnectPacket } from '@omqtt/codec';
import type { ConnectionState } from './machine.ts';

/** The packet, without its explanations if they would make it too large [MQTT-3.4.2-2, MQTT-3.4.2-3]. */
export function explainWithin<Explained extends AcknowledgementPacket | DisconnectPacket>(
  { limits, version }: ConnectionState,
  packet: Explained,
): Explained {
  const { properties } = packet;
  if (properties === undefined || limits.maximumPacketBytes === Infinity) return packet;
  if (encode(packet, version).length <= limits.maximumPacketBytes) return packet;
  const { reasonString: _reason, userProperties: _user, ...needed } = properties;
  return { ...packet, properties: needed };
}
