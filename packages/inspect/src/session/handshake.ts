/** CONNECT and CONNACK: what both sides say about themselves, and which session they mean. */
import { isFailure } from '@omqtt/codec';
import type { InspectedPacketOf } from '../decode/inspected-packet.ts';
import { endExchange } from '../exchange.ts';
import { faultOf } from '../packet-record.ts';
import { newSession, type SessionState } from './state.ts';
import { sayLost } from './timing.ts';
import { begin, join, report, type Turn } from './turn.ts';

const NEVER = 0xffff_ffff;

export function onConnect(turn: Turn, packet: InspectedPacketOf<'connect'>): void {
  const { connection, record } = turn;
  if (connection.connect !== undefined) return report(turn, 'second-connect');
  connection.connect = packet;
  connection.isConnectMalformed = faultOf(record) !== undefined;
  connection.connecting = begin(turn, 'connect');
  return undefined;
}

export function onConnack(turn: Turn, packet: InspectedPacketOf<'connack'>): void {
  const { connection, now } = turn;
  if (connection.connack !== undefined) return report(turn, 'second-connack');
  connection.connack = packet;
  connection.connackAt = now;
  const code = packet.reasonCode ?? 0;
  const { connecting } = connection;
  if (connecting) {
    join(turn, connecting.exchange);
    endExchange(connecting.exchange, isFailure(code) ? 'refused' : 'done', now);
    turn.shared.openExchanges -= 1;
    connection.connecting = undefined;
  }
  checkMethod(turn, packet);
  if (isFailure(code)) return checkRefusal(turn, code);
  if (connection.connect === undefined) return undefined;
  if (connection.isConnectMalformed) report(turn, 'accepted-bad-connect');
  checkAnswer(turn, packet, connection.connect);
  return resumeSession(turn, packet, connection.connect);
}

function checkRefusal(turn: Turn, code: number): void {
  const clientId = turn.connection.connect?.clientId;
  if (code === 0x85 && clientId !== undefined && /^[0-9a-zA-Z]{1,23}$/.test(clientId)) {
    report(turn, 'refused-good-id', { path: 'reasonCode' });
  }
}

function checkMethod(turn: Turn, { reasonCode, properties }: InspectedPacketOf<'connack'>): void {
  const { connect } = turn.connection;
  if (connect === undefined || turn.record.version !== '5.0') return;
  const asked = connect.properties?.authenticationMethod;
  const answered = properties?.authenticationMethod;
  const path = 'properties.authenticationMethod';
  if (asked === undefined && answered !== undefined) report(turn, 'unasked-auth', { path });
  if (asked !== undefined && asked !== answered && reasonCode === 0) report(turn, 'other-method', { path });
}

function checkAnswer(
  turn: Turn,
  { properties }: InspectedPacketOf<'connack'>,
  connect: InspectedPacketOf<'connect'>,
): void {
  const { will } = connect;
  const maximumQoS = properties?.maximumQoS ?? 2;
  if (will && will.qos > maximumQoS) report(turn, 'will-qos-accepted', { path: 'properties.maximumQoS' });
  if (will?.retain && properties?.retainAvailable === false) {
    report(turn, 'will-retain-accepted', { path: 'properties.retainAvailable' });
  }
  if (connect.clientId === '' && properties?.assignedClientId === undefined) report(turn, 'no-assigned-id');
  if (properties?.responseInformation !== undefined && connect.properties?.requestResponseInformation !== true) {
    report(turn, 'unasked-response-information', { path: 'properties.responseInformation' });
  }
}

/** Takes up the session that the client had before, or begins a new one. */
function resumeSession(turn: Turn, connack: InspectedPacketOf<'connack'>, connect: InspectedPacketOf<'connect'>): void {
  const { connection, shared, now } = turn;
  const clientId = connack.properties?.assignedClientId ?? connect.clientId ?? '';
  const old = clientId === '' ? undefined : shared.sessions.get(clientId);
  const isPresent = connack.sessionPresent === true;
  if (connect.cleanStart === true && isPresent) report(turn, 'session-on-clean-start', { path: 'sessionPresent' });
  else if (isPresent && old && hasExpired(old, now)) {
    report(turn, 'session-out-of-nowhere', { path: 'sessionPresent' });
    connection.isSessionForeign = true;
  } else if (connect.cleanStart === false && !isPresent && old && isAlive(old, now)) {
    report(turn, 'session-lost-by-server', { path: 'sessionPresent' });
  }
  takeOver(turn, old);
  const session = isPresent ? (old ?? newSession(clientId, false)) : newSession(clientId, true);
  if (!isPresent && old) forget(turn, old);
  connection.session = session;
  session.clientId = clientId;
  session.connection = connection.id;
  session.endedAt = undefined;
  session.expirySeconds = expiryOf(connect, connack);
  remember(turn, clientId, session);
}

function expiryOf(connect: InspectedPacketOf<'connect'>, connack: InspectedPacketOf<'connack'>): number {
  if (connect.version !== '5.0') return connect.cleanStart === false ? NEVER : 0;
  return connack.properties?.sessionExpirySeconds ?? connect.properties?.sessionExpirySeconds ?? 0;
}

/** While a connection has it, no session expires. */
function hasExpired({ expirySeconds, endedAt }: SessionState, now: number): boolean {
  return endedAt !== undefined && expirySeconds !== NEVER && now > endedAt + expirySeconds * 1000 + SLACK_MS;
}

/** Clocks differ a little, and so do the moments at which both sides notice an end. */
const SLACK_MS = 2000;

function isAlive({ expirySeconds, endedAt, isComplete }: SessionState, now: number): boolean {
  if (!isComplete || expirySeconds === 0) return false;
  return endedAt === undefined || expirySeconds === NEVER || now < endedAt + expirySeconds * 1000 - SLACK_MS;
}

function takeOver({ connection, shared, now }: Turn, old: SessionState | undefined): void {
  if (old?.connection === undefined || old.connection === connection.id) return;
  const other = shared.connections.get(old.connection);
  if (other && other.closedAt === undefined) other.takenOverAt = now;
}

/** The server has dropped the session: nothing of it will be answered. */
function forget(turn: Turn, old: SessionState): void {
  const { connection, shared, now } = turn;
  connection.lost = { c2s: new Set(old.deliveries.c2s.keys()), s2c: new Set(old.deliveries.s2c.keys()) };
  for (const direction of ['c2s', 's2c'] as const) {
    const deliveries = old.deliveries[direction];
    sayLost(shared, [...deliveries.values()], { direction, now });
    for (const { exchange, number } of deliveries.values()) {
      endExchange(exchange, 'lost', now);
      shared.touch(number);
      shared.openExchanges -= 1;
    }
    deliveries.clear();
  }
  shared.openExchanges -= old.requests.size;
  old.requests.clear();
}

function remember({ shared }: Turn, clientId: string, session: SessionState): void {
  shared.sessions.delete(clientId);
  shared.sessions.set(clientId, session);
  for (const [id, { connection, deliveries, requests }] of shared.sessions) {
    if (shared.sessions.size <= shared.limits.maximumSessions) return;
    if (connection !== undefined) continue;
    shared.sessions.delete(id);
    shared.openExchanges -= deliveries.c2s.size + deliveries.s2c.size + requests.size;
  }
}
