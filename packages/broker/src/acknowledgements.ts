/** What clients say about the messages that they get. */
import { isFailure, type Packet, type PubackPacket, type PubcompPacket, type PubrecPacket } from '@omqtt/codec';
import type { ClientConnection } from './client-connection.ts';
import type { AckOutcome } from './outbound.ts';
import { notKnown } from './refusal.ts';

export function receivePuback(connection: ClientConnection, { packetId }: PubackPacket): void {
  refuseMismatch(connection, connection.session?.outbound.acknowledged(packetId));
}

/** The answer is PUBREL [MQTT-4.3.3-4], also for what is not known any more: the client must get rid of the id. */
export function receivePubrec(connection: ClientConnection, { packetId, reasonCode }: PubrecPacket): void {
  const outcome = connection.session?.outbound.received(packetId, reasonCode);
  if (refuseMismatch(connection, outcome) || isFailure(reasonCode)) return;
  const isKnown = outcome === 'done' || connection.version === '3.1.1';
  const answer = isKnown ? { reasonCode: 0 } : notKnown;
  connection.send({ type: 'pubrel', packetId, ...answer });
}

export function receivePubcomp(connection: ClientConnection, { packetId }: PubcompPacket): void {
  refuseMismatch(connection, connection.session?.outbound.completed(packetId));
}

function refuseMismatch(connection: ClientConnection, outcome: AckOutcome | undefined): boolean {
  if (outcome !== 'mismatch') return false;
  connection.endForError(0x82, 'The acknowledgement is not that of the QoS of the message');
  return true;
}

/** The exchange of an inbound message is over when this has been sent. */
export function isLastAcknowledgement(packet: Packet): packet is Packet & { readonly packetId: number } {
  return (
    packet.type === 'puback' || packet.type === 'pubcomp' || (packet.type === 'pubrec' && packet.reasonCode >= 0x80)
  );
}
