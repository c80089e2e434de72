/** CONNECT and CONNACK: what a connection begins with, and what becomes of the session. */
import { isFailure, type ConnackPacket, type ConnectPacket } from '@omqtt/codec';
import { needsVerification } from './authentication.ts';
import { ConnectRefusedError, ProtocolError, UnknownSessionError } from './errors.ts';
import { SlotWindow } from './flow-control.ts';
import { flushAcknowledgements } from './inbound.ts';
import {
  close,
  type ConnectionState,
  type ConnectRequest,
  type Machine,
  persist,
  send,
  settlePending,
} from './machine.ts';
import { flush, flushQoS0 } from './outbound.ts';
import { EMPTY_LIST } from './on-demand-list.ts';
import { Queue } from './queue.ts';
import { isRetryable } from './reason-policy.ts';
import { serverLimits, STANDARD_LIMITS } from './server-limits.ts';
import {
  askedExpirySeconds,
  beginSession,
  disownSession,
  loseSession,
  resumeSession,
  takeBeginningBack,
} from './session-fate.ts';
import { SparseSet } from './sparse-tables.ts';
import { flushExchanges, renewSubscriptions } from './subscriptions.ts';
import { InboundAliases, OutboundAliases } from './topic-aliases.ts';

/** Begins a connection: the first packet on it is CONNECT [MQTT-3.1.0-1]. */
export function connect(machine: Machine, request: ConnectRequest): void {
  machine.connections += 1;
  const connection = newConnection(machine, request);
  machine.connection = connection;
  beginSession(machine, connection);
  send(machine, connection, connectPacket(machine, request));
}

function connectPacket(machine: Machine, request: ConnectRequest): ConnectPacket {
  const { version, cleanStart, keepAliveSeconds, username, password, will, properties } = request;
  const { receiveMaximum, topicAliasMaximum } = machine.options;
  const ours = {
    ...properties,
    ...(receiveMaximum < 65_535 && { receiveMaximum }),
    ...(topicAliasMaximum > 0 && { topicAliasMaximum }),
  };
  return {
    type: 'connect',
    version,
    clientId: machine.state.clientId,
    cleanStart,
    keepAliveSeconds,
    ...(username !== undefined && { username }),
    ...(password !== undefined && { password }),
    ...(will !== undefined && { will }),
    ...(version === '5.0' && Object.keys(ours).length > 0 && { properties: ours }),
  };
}

function newConnection(machine: Machine, request: ConnectRequest): ConnectionState {
  const announced = request.version === '5.0' ? machine.options.topicAliasMaximum : 0;
  return {
    number: machine.connections,
    version: request.version,
    request,
    operation: request.operation,
    phase: 'connecting',
    beginsSession: !machine.state.exists,
    isEstablished: false,
    bearsExcess: request.version === '3.1.1',
    connack: undefined,
    held: EMPTY_LIST,
    limits: STANDARD_LIMITS,
    keepAliveMs: request.keepAliveSeconds * 1000,
    expirySeconds: 0,
    window: new SlotWindow(0),
    resends: new Queue(),
    outboundAliases: new OutboundAliases(0),
    inboundAliases: new InboundAliases(announced),
    unacknowledged: { qos1: new Queue(), qos2: new Queue() },
    slots: new SparseSet(),
    pings: new Queue(),
    lastSentAt: machine.now,
    lastReceivedAt: machine.now,
    pingSentAt: 0,
    isReadingPaused: false,
    reauthentication: undefined,
  };
}

export function receiveConnack(machine: Machine, packet: ConnackPacket): void {
  const { connection } = machine;
  if (connection === undefined) return;
  if (isFailure(packet.reasonCode)) {
    takeBeginningBack(machine, connection);
    refuse(machine, packet);
    return;
  }
  checkSessionPresent(machine, connection, packet);
  connection.connack = packet;
  if (needsVerification(connection, packet)) {
    connection.phase = 'verifying';
    machine.effects.deliver({ type: 'authenticated', data: packet.properties?.authenticationData });
    return;
  }
  completeHandshake(machine, connection);
}

function refuse(machine: Machine, { reasonCode, properties }: ConnackPacket): void {
  const retryable = isRetryable(reasonCode);
  const error = new ConnectRefusedError({ reasonCode, retryable, ...properties });
  close(machine, error);
}

function checkSessionPresent(machine: Machine, connection: ConnectionState, packet: ConnackPacket): void {
  const { request, version, beginsSession } = connection;
  if (!packet.sessionPresent) return;
  if (request.cleanStart) {
    throw new ProtocolError({
      message: 'it resumed a session although a clean start was asked for',
      statement: version === '5.0' ? 'MQTT-3.2.2-2' : 'MQTT-3.2.2-1',
    });
  }
  // 3.1.1 leaves it to the client.
  if (!beginsSession || machine.options.adopt || version === '3.1.1') return;
  disownSession(machine);
  throw new UnknownSessionError();
}

/** From here on messages flow. */
export function completeHandshake(machine: Machine, connection: ConnectionState): void {
  const { connack } = connection;
  // Set when CONNACK came, which is before anyone gets here.
  if (connack === undefined) return;
  connection.connack = undefined;
  applyConnack(machine, connection, connack);
  connection.phase = 'connected';
  connection.isEstablished = true;
  if (connack.sessionPresent) connection.bearsExcess = true;
  machine.effects.deliver({ type: 'connected', connack });
  settlePending(machine, connection, { packet: connack });
  // Where this side knows that its session has ended, another one is there: what was on its way is not part of it.
  const isResumed = connack.sessionPresent && !connection.beginsSession;
  if (isResumed) resumeSession(machine, connection);
  else loseSession(machine, connection.request);
  machine.state.exists = true;
  machine.state.isNew = false;
  persist(machine, { type: 'alive', expirySeconds: connection.expirySeconds, aliveAt: machine.now });
  renewSubscriptions(machine, isResumed);
  flushExchanges(machine);
  flush(machine);
  flushQoS0(machine);
  flushAcknowledgements(machine);
}

function applyConnack(machine: Machine, connection: ConnectionState, { properties = {} }: ConnackPacket): void {
  const { request } = connection;
  connection.limits = serverLimits(properties);
  const { outboundAliases, sendMaximum = connection.version === '3.1.1' ? MOST_IN_FLIGHT_V3 : MOST_IN_FLIGHT } =
    machine.options;
  connection.window = new SlotWindow(Math.min(connection.limits.receiveMaximum, sendMaximum));
  connection.outboundAliases = new OutboundAliases(Math.min(outboundAliases, connection.limits.topicAliasMaximum));
  // [MQTT-3.2.2-21] In both directions, from 0 and to 0; and for this connection only.
  connection.keepAliveMs = (properties.serverKeepAliveSeconds ?? request.keepAliveSeconds) * 1000;
  connection.expirySeconds = properties.sessionExpirySeconds ?? askedExpirySeconds(request);
  if (machine.state.clientId !== '') return;
  const { assignedClientId } = properties;
  // 3.1.1 never tells the id it gave, and keeps no session under it.
  if (connection.version === '3.1.1') return;
  if (assignedClientId === undefined) {
    throw new ProtocolError({ message: 'it assigned no client id', statement: 'MQTT-3.2.2-16' });
  }
  machine.state.clientId = assignedClientId;
  persist(machine, { type: 'client-id', clientId: assignedClientId });
}

const MOST_IN_FLIGHT = 65_535;
// A server of 3.1.1 has a limit too, and no way to tell it: mosquitto 2.0 confirms QoS 2 above 20, and drops it.
const MOST_IN_FLIGHT_V3 = 20;
