/** The orders that a client has to keep (§4.6). */
import type { Delivery } from './state.ts';
import { report, type Turn } from './turn.ts';

const path = 'packetId';
/** So many earlier ones are looked at, that a peer cannot make each packet cost more than the last. */
const MOST_EARLIER = 1000;

/** PUBACKs and PUBRECs come in the order of the messages [MQTT-4.6.0-2, MQTT-4.6.0-3]. */
export function checkAckOrder(turn: Turn, delivery: Delivery): void {
  if (turn.record.direction !== 'c2s') return;
  for (const each of deliveriesBefore(turn, delivery, 's2c')) {
    if (each.qos !== delivery.qos || each.phase !== 'published' || each.connection !== turn.connection.id) continue;
    report(turn, delivery.qos === 1 ? 'puback-order' : 'pubrec-order', { path, detail: `that of ${each.packetId}` });
    return;
  }
}

/** PUBRELs come in the order of the PUBRECs [MQTT-4.6.0-4], in which `since` was set. */
export function checkPubrelOrder(turn: Turn, delivery: Delivery): void {
  if (turn.record.direction !== 'c2s') return;
  for (const each of firstOf(turn.connection.session.deliveries.c2s)) {
    const isEarlier = each.since < delivery.since && each.connection === delivery.connection;
    if (each === delivery || each.phase !== 'received' || !isEarlier) continue;
    report(turn, 'pubrel-order', { path, detail: `that of ${each.packetId}` });
    return;
  }
}

/** A client sends again in the original order [MQTT-4.6.0-1]. */
export function checkResendOrder(turn: Turn, delivery: Delivery): void {
  const { connection, record } = turn;
  if (record.direction !== 'c2s' || delivery.connection === connection.id) return;
  for (const each of firstOf(connection.session.deliveries.c2s)) {
    if (each.resentOn !== connection.id || each.order < delivery.order) continue;
    report(turn, 'resend-order', { path, detail: `that of ${each.packetId} came before` });
    return;
  }
}

function* deliveriesBefore({ connection }: Turn, delivery: Delivery, direction: 'c2s' | 's2c'): Generator<Delivery> {
  for (const each of firstOf(connection.session.deliveries[direction])) {
    if (each === delivery) return;
    yield each;
  }
}

function* firstOf(deliveries: ReadonlyMap<number, Delivery>): Generator<Delivery> {
  let count = 0;
  for (const each of deliveries.values()) {
    if (count === MOST_EARLIER) return;
    count += 1;
    yield each;
  }
}
