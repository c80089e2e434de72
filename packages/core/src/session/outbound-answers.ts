/** PUBACK, PUBREC and PUBCOMP: what the server answers to the messages of this side. */
import { type AckProperties, isFailure, type Packet } from '@omqtt/codec';
import { ProtocolError, PublishRefusedError } from './errors.ts';
import { type Machine, openConnection, persist, send } from './machine.ts';
import { end, type OutboundMessage, type Pubrec, takeTurn } from './outbound-message.ts';

export function receivePuback(machine: Machine, packet: Packet & { type: 'puback' }): void {
  const message = machine.state.inFlight.get(packet.packetId);
  // Late, after the session was lost, or invented: nothing hangs on it.
  if (message === undefined) return;
  if (message.qos !== 1) throw unexpected('PUBACK', message);
  end(machine, message, { error: refusalOf(message, packet), packet });
}

export function receivePubrec(machine: Machine, packet: Pubrec): void {
  const { packetId, reasonCode } = packet;
  const connection = openConnection(machine);
  const message = machine.state.inFlight.get(packetId);
  if (message === undefined) {
    if (connection === undefined || isFailure(reasonCode)) return;
    const notFound = connection.version === '5.0' ? 0x92 : 0;
    send(machine, connection, { type: 'pubrel', packetId, reasonCode: notFound });
    return;
  }
  if (message.qos !== 2) throw unexpected('PUBREC', message);
  // [MQTT-4.3.3-4] A failure ends the exchange; 0x10 is a success like 0x00.
  if (isFailure(reasonCode)) {
    end(machine, message, { error: refusalOf(message, packet), packet });
    return;
  }
  if (message.stage === 'sent') {
    message.stage = 'released';
    if (reasonCode !== 0 || packet.properties !== undefined) message.received = packet;
    // Behind all others: PUBRELs are sent again in the order of the PUBRECs [MQTT-4.6.0-4].
    takeTurn(machine, message);
    persist(machine, { type: 'released', sequence: message.sequence });
  }
  if (connection !== undefined) send(machine, connection, { type: 'pubrel', packetId, reasonCode: 0 });
}

export function receivePubcomp(machine: Machine, packet: Packet & { type: 'pubcomp' }): void {
  const message = machine.state.inFlight.get(packet.packetId);
  if (message === undefined) return;
  if (message.qos !== 2 || message.stage !== 'released') throw unexpected('PUBCOMP', message);
  // 0x92: the server has finished with the id before, in answer to an earlier PUBREL. The message arrived.
  const { received } = message;
  end(machine, message, { packet: received === undefined ? packet : bothAnswers(received, packet.properties) });
}

/** PUBREC said what became of the message, as PUBACK does; PUBCOMP ends the exchange, and may add to it. */
function bothAnswers(received: Pubrec, added: AckProperties | undefined): Pubrec {
  if (added === undefined) return received;
  const { properties: said } = received;
  const userProperties = [...(said?.userProperties ?? []), ...(added.userProperties ?? [])];
  return { ...received, properties: { ...said, ...added, userProperties } };
}

function unexpected(what: string, message: OutboundMessage): ProtocolError {
  return new ProtocolError({ message: `it answered a QoS ${message.qos} message (${message.stage}) with ${what}` });
}

function refusalOf(
  message: OutboundMessage,
  packet: Packet & { type: 'puback' | 'pubrec' },
): PublishRefusedError | undefined {
  const { reasonCode, properties } = packet;
  return isFailure(reasonCode) ? new PublishRefusedError(message.topic, { reasonCode, ...properties }) : undefined;
}
