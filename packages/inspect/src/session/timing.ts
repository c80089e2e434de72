/** What only the clock shows. Time is that of the capture: it moves with the packets and with `time`. */
import { isFailure } from '@omqtt/codec';
import { senderOf, type Direction } from '../direction.ts';
import { keepAliveSecondsOf } from './keep-alive.ts';
import type { ConnectionState, Delivery, Pending } from './state.ts';
import { reportOnce, type ReportFacts, type SharedState, type Turn } from './turn.ts';

/** Keep Alive counts from the last packet as the client sees it; the wire and the capture see it later. */
const GRACE_MS = 2000;

/** The client has to be heard within its Keep Alive, and the server to notice when it is not. */
export function checkSilence(turn: Turn): void {
  const { connection, record, now } = turn;
  if (connection.connack === undefined || connection.connect === undefined) return;
  const keepAliveMs = keepAliveSecondsOf(connection) * 1000;
  if (keepAliveMs === 0) return;
  const isClient = record.direction === 'c2s';
  const sinceHeard = isClient ? connection.silentMs : now - connection.heardAt;
  const silentMs = Math.min(sinceHeard, now - connection.connackAt);
  const detail = `${Math.round(silentMs / 1000)} s of ${keepAliveMs / 1000} s`;
  if (isClient && silentMs > keepAliveMs + GRACE_MS) reportOnce(turn, 'silent-client', { detail });
  const isGone = record.type === 'disconnect';
  if (silentMs > keepAliveMs * 1.5 + GRACE_MS && !isGone) {
    reportOnce(turn, 'silent-client-kept', { side: 'server', detail });
  }
}

/** The same for what comes after the last packet of the client: the end of the connection. */
export function checkSilenceAtEnd(shared: SharedState, connection: ConnectionState, at: number): void {
  const keepAliveMs = keepAliveSecondsOf(connection) * 1000;
  if (connection.connack === undefined || keepAliveMs === 0 || connection.disconnectedBy !== undefined) return;
  const silentMs = at - Math.max(connection.heardAt, connection.connackAt);
  const detail = `${Math.round(silentMs / 1000)} s of ${keepAliveMs / 1000} s`;
  if (silentMs > keepAliveMs + GRACE_MS) {
    sayOnce(shared, connection, { rule: 'silent-client', number: connection.lastNumber.c2s, detail });
  }
}

interface LateFacts extends ReportFacts {
  readonly rule: 'silent-client' | 'open-after-refusal' | 'open-after-disconnect';
  readonly number: number;
}

function sayOnce(shared: SharedState, connection: ConnectionState, { rule, number, ...facts }: LateFacts): void {
  if (connection.said.has(rule)) return;
  connection.said.add(rule);
  shared.reportLate(number, rule, facts);
}

/** What waits for too long on this connection. */
export function checkWaiting(shared: SharedState, connection: ConnectionState, now: number): void {
  const { limits } = shared;
  const late = now - limits.lateAnswerMs;
  const { connecting, pings, subscribing, session } = connection;
  if (connecting && !connection.isConnectMalformed && !connection.authenticating) {
    sayLate(shared, connecting, { late, rule: 'late-connack', side: 'server' });
  }
  for (const ping of pings) sayLate(shared, ping, { late, rule: 'late-pingresp', side: 'server' });
  for (const request of subscribing.values()) {
    const ids = request.packet.type === 'subscribe' ? 'H-ACK 3.8.4-1' : 'H-ACK 3.10.4-4';
    sayLate(shared, request, { late, rule: 'late-answer', side: 'server', ids });
  }
  for (const direction of ['c2s', 's2c'] as const) {
    for (const delivery of session.deliveries[direction].values()) {
      checkDelivery(shared, connection, { delivery, direction, late });
    }
  }
  checkOpen(shared, connection, now);
}

/** What should have ended and is open. */
export function checkOpen(shared: SharedState, connection: ConnectionState, now: number): void {
  if (!connection.isEndSeen) return;
  const { connack, connackAt, disconnectedBy, disconnectedAt, disconnectNumber } = connection;
  const { closingMs } = shared.limits;
  if (connack && isFailure(connack.reasonCode ?? 0) && now > connackAt + closingMs) {
    sayOnce(shared, connection, { rule: 'open-after-refusal', number: connection.lastNumber.s2c, side: 'server' });
  }
  if (disconnectedBy && now > disconnectedAt + closingMs) {
    sayOnce(shared, connection, { rule: 'open-after-disconnect', number: disconnectNumber, side: disconnectedBy });
  }
}

interface Lateness extends ReportFacts {
  /** What waits since before this time is late. */
  readonly late: number;
  readonly rule: 'late-connack' | 'late-pingresp' | 'late-answer' | 'not-resent';
}

function sayLate(shared: SharedState, pending: Pending, { late, rule, ...facts }: Lateness): void {
  if (pending.isLate || pending.since > late) return;
  pending.isLate = true;
  shared.reportLate(pending.number, rule, facts);
}

interface DeliveryOnItsWay {
  readonly delivery: Delivery;
  readonly direction: Direction;
  readonly late: number;
}

function checkDelivery(
  shared: SharedState,
  connection: ConnectionState,
  { delivery, direction, late }: DeliveryOnItsWay,
): void {
  const sender = senderOf(direction);
  if (delivery.connection !== connection.id) {
    // It has to come again, unless the receiver waits for PUBREL, which is on the sender too.
    if (connection.connackAt > late) return;
    return sayLate(shared, delivery, { late, rule: 'not-resent', side: sender });
  }
  return sayUnanswered(shared, { delivery, direction, late });
}

/** The session or connection of a message ends: it had its time to be answered. */
export function sayLost(shared: SharedState, deliveries: readonly Delivery[], facts: LostFacts): void {
  const late = facts.now - shared.limits.closingMs;
  for (const delivery of deliveries) sayUnanswered(shared, { delivery, direction: facts.direction, late });
}

interface LostFacts {
  readonly direction: Direction;
  readonly now: number;
}

function sayUnanswered(shared: SharedState, { delivery, direction, late }: DeliveryOnItsWay): void {
  const sender = senderOf(direction);
  const receiver = sender === 'client' ? 'server' : 'client';
  const [side, ids] = waiting[delivery.phase];
  const detail =
    side === 'sender' ? 'PUBREL is missing' : delivery.phase === 'released' ? 'PUBCOMP is missing' : undefined;
  sayLate(shared, delivery, {
    late,
    rule: 'late-answer',
    side: side === 'sender' ? sender : receiver,
    ids: delivery.phase === 'published' ? `${ids} ${delivery.qos === 1 ? '4.3.2-4' : '4.3.3-8'}` : ids,
    ...(detail !== undefined && { detail }),
  });
}

const waiting: Readonly<Record<Delivery['phase'], readonly ['sender' | 'receiver', string]>> = {
  published: ['receiver', 'H-ACK 3.3.4-1 4.5.0-2'],
  received: ['sender', 'H-ACK 4.3.3-4'],
  released: ['receiver', 'H-ACK 4.3.3-11'],
};
