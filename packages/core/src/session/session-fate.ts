/** What becomes of a session when a connection begins or ends: resumed, lost, or dropped. */
import type { Packet } from '@omqtt/codec';
import { SessionLostError } from './errors.ts';
import { forgetInbound } from './inbound.ts';
import { type ConnectionState, type Machine, persist } from './machine.ts';
import { end, type OutboundMessage } from './outbound-message.ts';
import { putBack } from './waiting.ts';

/**
 * The server knows the session: what was sent is sent again, in the order of the first time, and before anything new
 * [MQTT-4.4.0-1, MQTT-4.6.0-1]. PUBREL stands first, so that no PUBLISH without a slot is in its way [MQTT-3.3.4-8].
 */
export function resumeSession(machine: Machine, connection: ConnectionState): void {
  const messages = [...machine.state.inFlight.values()];
  for (const stage of ['released', 'sent'] as const) {
    for (const message of messages) if (message.stage === stage) connection.resends.push(message);
  }
}

/**
 * The server has no session [MQTT-3.2.2-5]. What was never sent goes out in the new one; what was on its way follows
 * `whenLost`, and nothing is republished when the clean start was wanted [MQTT-3.1.2-4].
 */
export function loseSession(machine: Machine, how: 'wanted' | 'unwanted'): void {
  forgetInbound(machine);
  const republished: OutboundMessage[] = [];
  for (const message of machine.state.inFlight.values()) {
    const policy = message.qos === 1 ? machine.options.whenLost.qos1 : machine.options.whenLost.qos2;
    // After PUBREC the server has the message, and only its PUBLISH would be repeated.
    if (how === 'wanted' || policy === 'fail' || message.stage === 'released') {
      end(machine, message, { error: new SessionLostError(message.topic) });
      continue;
    }
    makeNew(machine, message);
    republished.push(message);
  }
  putBack(machine, republished);
}

/** The connection was lost before these packets left. A PUBLISH among them is no redelivery next time [MQTT-3.3.1-1]. */
export function takeBack(machine: Machine, unsent: readonly Packet[]): void {
  const messages: OutboundMessage[] = [];
  for (const packet of unsent) {
    if (packet.type !== 'publish' || packet.dup || packet.packetId === undefined) continue;
    const message = machine.state.inFlight.get(packet.packetId);
    if (message?.stage !== 'sent') continue;
    makeNew(machine, message);
    messages.push(message);
  }
  putBack(machine, messages);
}

// Under a new id, and without DUP: to the server it is a new message.
function makeNew(machine: Machine, message: OutboundMessage): void {
  const { state } = machine;
  state.inFlight.delete(message.packetId);
  state.packetIds.release(message.packetId);
  message.packetId = 0;
  message.slotOf = 0;
  message.stage = 'waiting';
  persist(machine, { type: 'unsent', sequence: message.sequence });
}
