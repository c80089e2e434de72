/** PUBLISH of QoS 1 and 2 and what answers it (§4.3). The two directions have identifiers of their own. */
import { isFailure } from '@omqtt/codec';
import type { InspectedPacketOf } from '../decode/inspected-packet.ts';
import { oppositeOf, senderOf, type Direction } from '../direction.ts';
import { endExchange } from '../exchange.ts';
import { addMark } from '../packet-record.ts';
import { checkAckOrder, checkPubrelOrder, checkResendOrder } from './order.ts';
import type { Delivery } from './state.ts';
import { begin, canBegin, join, report, type Turn } from './turn.ts';

type AckPacket = InspectedPacketOf<'puback' | 'pubrec' | 'pubrel' | 'pubcomp'>;

const path = 'packetId';
const MOST_OVER_QUOTA = 1000;
/** Longer topics are not remembered. */
const LONGEST_TOPIC = 1024;

export function onMessage(turn: Turn, packet: InspectedPacketOf<'publish'>): void {
  const { packetId, qos = 0 } = packet;
  if (qos === 0 || packetId === undefined || packetId === 0) return;
  const present = deliveriesOf(turn, turn.record.direction).get(packetId);
  if (present) onRepeated(turn, packet, present);
  else onNew(turn, packet, packetId);
}

function onNew(turn: Turn, { dup, qos = 0, topic = '' }: InspectedPacketOf<'publish'>, packetId: number): void {
  const { connection, record } = turn;
  const { session } = connection;
  const { direction } = record;
  const refused = session.refused[direction];
  if (dup) {
    addMark(record, 'redelivery');
    if (refused.has(packetId)) report(turn, 'resent-after-refusal', { path });
    else if (connection.lost[direction].has(packetId)) report(turn, 'resent-into-new-session', { path });
    else if (session.isComplete && isConnected(turn)) report(turn, 'dup-on-first', { path: 'dup' });
  }
  refused.delete(packetId);
  if (isListedRequest(turn, packetId)) report(turn, 'id-in-use', { path });
  if (!canBegin(turn)) return;
  const delivery: Delivery = {
    ...begin(turn, 'publish'),
    packetId,
    qos,
    phase: 'published',
    connection: connection.id,
    resentOn: undefined,
    topic: shortTopic(record.topic ?? topic),
    order: session.deliveryCount,
  };
  session.deliveryCount += 1;
  deliveriesOf(turn, direction).set(packetId, delivery);
  checkQuota(turn);
}

function shortTopic(topic: string | undefined): string {
  return topic === undefined || topic.length > LONGEST_TOPIC ? '' : topic;
}

/** SUBSCRIBE and UNSUBSCRIBE take their identifiers from the same pool as the messages of the client. */
function isListedRequest({ connection, record }: Turn, packetId: number): boolean {
  return record.direction === 'c2s' && connection.subscribing.has(packetId);
}

/** Before CONNACK nobody knows which session it is. */
function isConnected({ connection }: Turn): boolean {
  return connection.connack !== undefined;
}

function onRepeated(turn: Turn, { dup, topic }: InspectedPacketOf<'publish'>, present: Delivery): void {
  const { connection, record, now } = turn;
  const isSameConnection = present.connection === connection.id;
  const isOther = topic !== undefined && topic !== '' && shortTopic(record.topic) !== present.topic;
  join(turn, present.exchange);
  if (!dup && (isSameConnection || isOther)) {
    addMark(record, 'duplicate');
    return report(turn, record.direction === 'c2s' ? 'id-in-use' : 'id-in-use-of-server', { path });
  }
  addMark(record, 'redelivery');
  if (!dup) report(turn, 'resent-without-dup', { path: 'dup' });
  else if (isSameConnection) report(turn, 'resent-on-same-connection', { path: 'dup' });
  if (present.phase === 'released') report(turn, 'resent-after-pubrel', { path });
  checkResendOrder(turn, present);
  if (!isSameConnection) present.resentOn = connection.id;
  present.connection = connection.id;
  present.since = now;
  present.isLate = false;
  // Acknowledgements follow the order of what came on this connection.
  const deliveries = deliveriesOf(turn, record.direction);
  deliveries.delete(present.packetId);
  deliveries.set(present.packetId, present);
  return undefined;
}

/** Only those of this connection count: what was not sent again yet takes nothing from the quota. */
function checkQuota(turn: Turn): void {
  const { connection, record } = turn;
  const isClient = record.direction === 'c2s';
  const other = isClient ? connection.connack : connection.connect;
  const maximum = other?.properties?.receiveMaximum;
  const deliveries = deliveriesOf(turn, record.direction);
  if (maximum === undefined || maximum === 0 || deliveries.size <= maximum) return;
  // Whoever is so far beyond it was told often enough.
  if (deliveries.size > maximum + MOST_OVER_QUOTA) return;
  let count = 0;
  for (const each of deliveries.values()) if (each.connection === connection.id) count += 1;
  if (count <= maximum) return;
  report(turn, isClient ? 'over-receive-maximum-of-server' : 'over-receive-maximum-of-client', {
    path,
    detail: `${count} of ${maximum}`,
  });
}

export function onAcknowledgement(turn: Turn, packet: AckPacket): void {
  const { packetId, type } = packet;
  if (packetId === undefined || packetId === 0) return;
  const ofReceiver = type !== 'pubrel';
  const direction = ofReceiver ? oppositeOf(turn.record.direction) : turn.record.direction;
  const delivery = deliveriesOf(turn, direction).get(packetId);
  if (delivery === undefined) return onOrphan(turn, packet);
  join(turn, delivery.exchange);
  switch (type) {
    case 'puback':
      return onPuback(turn, packet, delivery);
    case 'pubrec':
      return onPubrec(turn, packet, delivery);
    case 'pubrel':
      return onPubrel(turn, delivery);
    case 'pubcomp':
      return onPubcomp(turn, packet, delivery);
  }
}

function onOrphan(turn: Turn, packet: AckPacket): void {
  const { connection, record } = turn;
  const { type, packetId = 0 } = packet;
  addMark(record, 'orphan');
  if (type === 'pubrel' && connection.lost[record.direction].has(packetId)) {
    return report(turn, 'resent-into-new-session', { path });
  }
  if (!connection.session.isComplete || !isConnected(turn)) return undefined;
  if (type === 'pubrel') return report(turn, 'pubrel-without-pubrec', { path });
  // "Packet Identifier not found" is how a side says that it is not to blame.
  if (type === 'pubcomp' && (packet.reasonCode ?? 0) === 0x92) return undefined;
  return report(turn, type === 'pubcomp' ? 'orphan-pubcomp' : 'orphan-ack', { path });
}

function onPuback(turn: Turn, { reasonCode = 0 }: AckPacket, delivery: Delivery): void {
  if (delivery.qos !== 1) return report(turn, 'ack-of-other-qos', { path, detail: 'PUBACK for QoS 2' });
  checkAckOrder(turn, delivery);
  return end(turn, delivery, reasonCode);
}

function onPubrec(turn: Turn, { reasonCode = 0 }: AckPacket, delivery: Delivery): void {
  if (delivery.qos === 1) return report(turn, 'ack-of-other-qos', { path, detail: 'PUBREC for QoS 1' });
  if (delivery.phase === 'published') checkAckOrder(turn, delivery);
  if (isFailure(reasonCode)) return end(turn, delivery, reasonCode);
  if (delivery.phase === 'published') delivery.phase = 'received';
  wait(turn, delivery);
  return undefined;
}

function onPubrel(turn: Turn, delivery: Delivery): void {
  if (delivery.phase === 'published' || delivery.qos === 1) return report(turn, 'pubrel-without-pubrec', { path });
  if (delivery.phase === 'received') checkPubrelOrder(turn, delivery);
  delivery.phase = 'released';
  delivery.connection = turn.connection.id;
  wait(turn, delivery);
  return undefined;
}

function onPubcomp(turn: Turn, { reasonCode = 0 }: AckPacket, delivery: Delivery): void {
  if (delivery.phase !== 'released') return report(turn, 'orphan-pubcomp', { path });
  return end(turn, delivery, reasonCode);
}

function wait({ now }: Turn, delivery: Delivery): void {
  delivery.since = now;
  delivery.isLate = false;
}

function end(turn: Turn, delivery: Delivery, reasonCode: number): void {
  const { connection, shared, now } = turn;
  const direction: Direction = deliveriesOf(turn, 'c2s').get(delivery.packetId) === delivery ? 'c2s' : 's2c';
  deliveriesOf(turn, direction).delete(delivery.packetId);
  if (isFailure(reasonCode)) connection.session.refused[direction].add(delivery.packetId);
  endExchange(delivery.exchange, isFailure(reasonCode) ? 'refused' : 'done', now);
  shared.openExchanges -= 1;
  if (reasonCode === 0x9b && senderOf(turn.record.direction) === 'server') checkQoSRefusal(turn);
}

function checkQoSRefusal(turn: Turn): void {
  const { connack } = turn.connection;
  if (connack && (connack.properties?.maximumQoS ?? 2) === 2) {
    report(turn, 'unannounced-maximum-qos', { path: 'reasonCode' });
  }
}

function deliveriesOf({ connection }: Turn, direction: Direction): Map<number, Delivery> {
  return connection.session.deliveries[direction];
}
