/** What becomes of a session when a connection begins or ends: resumed, lost, or dropped. */
import type { Packet } from '@omqtt/codec';
import { SessionLostError } from './errors.ts';
import { forgetInbound } from './inbound.ts';
import { type ConnectionState, type ConnectRequest, type Machine, persist } from './machine.ts';
import { end, inOrderOfSending, type OutboundMessage } from './outbound-message.ts';
import { putBack } from './waiting.ts';

/**
 * The server knows the session: what was sent is sent again, in the order of the first time, and before anything new
 * [MQTT-4.4.0-1, MQTT-4.6.0-1]. PUBREL stands first, so that no PUBLISH without a slot is in its way [MQTT-3.3.4-8].
 */
export function resumeSession(machine: Machine, connection: ConnectionState): void {
  const messages = inOrderOfSending(machine);
  for (const stage of ['released', 'sent'] as const) {
    for (const message of messages) if (message.stage === stage) connection.resends.push(message);
  }
}

/**
 * The first CONNECT of all: from now on the server may hold a session, whether its answer comes or not. So this is durable
 * before CONNECT is sent, or a process that died before the answer would not know its own session [MQTT-3.2.2-4].
 */
export function beginSession(machine: Machine, { request }: ConnectionState): void {
  const { state } = machine;
  const expirySeconds = askedExpirySeconds(request);
  // Without an id nobody can come back to it.
  if (!state.isNew || expirySeconds === 0 || state.clientId === '') return;
  state.isNew = false;
  state.exists = true;
  persist(machine, { type: 'alive', expirySeconds, aliveAt: machine.now });
}

/** CONNECT was refused, so it has begun nothing. A process that dies before the next one need not know. */
export function takeBeginningBack({ state }: Machine, { beginsSession }: ConnectionState): void {
  if (!beginsSession || !state.exists) return;
  state.exists = false;
  state.isNew = true;
}

/** The session at the server was not begun by this side. */
export function disownSession(machine: Machine): void {
  const { state } = machine;
  if (state.exists) persist(machine, { type: 'alive', expirySeconds: 0, aliveAt: machine.now });
  state.exists = false;
}

/** How long the server is to keep the session after the connection. One of 3.1.1 has no end that the client is told. */
export function askedExpirySeconds({ version, cleanStart, properties }: ConnectRequest): number {
  if (version === '5.0') return properties.sessionExpirySeconds ?? 0;
  return cleanStart ? 0 : NEVER;
}

const NEVER = 0xffff_ffff;

/**
 * The server has no session [MQTT-3.2.2-5]. What was never sent goes out in the new one; what was on its way follows
 * `whenLost`, and nothing is republished when the clean start was wanted [MQTT-3.1.2-4].
 */
export function loseSession(machine: Machine, { cleanStart, isContinued }: ConnectRequest): void {
  const isWanted = cleanStart && isContinued !== true;
  forgetInbound(machine);
  const republished: OutboundMessage[] = [];
  for (const message of inOrderOfSending(machine)) {
    const policy = message.qos === 1 ? machine.options.whenLost.qos1 : machine.options.whenLost.qos2;
    // After PUBREC the server has the message, and only its PUBLISH would be repeated.
    if (isWanted || policy === 'fail' || message.stage === 'released') {
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
