/**
 * SUBSCRIBE (§3.8).
 *
 *     packet id u16 · properties (5.0) · one or more of: filter · options
 *     options: 5–4 retain handling · 3 retain as published · 2 no local · 1–0 QoS; in 3.1.1 only the QoS
 */
import type { QoS, RetainHandling, SubscribePacket, SubscriptionRequest } from './packet.ts';
import type { PacketReader } from './packet-reader.ts';
import { isIntegerWithin, type PacketWriter } from './packet-writer.ts';
import type { SubscribeProperties } from './properties.ts';
import { readProperties } from './property-reader.ts';
import { propertySetOf } from './property-table.ts';
import { writeProperties } from './property-writer.ts';
import { readFilter, writeFilter } from './filter-field.ts';
import { isSharedFilter } from './topic-filter.ts';

const subscribeSet = propertySetOf('subscribe');
const NO_LOCAL = 0x04;
const RETAIN_AS_PUBLISHED = 0x08;

export function encodeSubscribe(writer: PacketWriter, packet: SubscribePacket): void {
  const { packetId, subscriptions, properties } = packet;
  const list = writer.list<SubscriptionRequest>(subscriptions, 'subscriptions');
  if (list.length === 0) writer.fail('no-filters', 'subscriptions');
  writer.packetId(packetId);
  writeProperties(writer, properties, subscribeSet);
  for (const subscription of list) writeSubscription(writer, subscription);
}

export function decodeSubscribe(reader: PacketReader): SubscribePacket {
  const packetId = reader.packetId();
  const properties = readProperties<SubscribeProperties>(reader, subscribeSet);
  if (reader.left === 0) reader.fail('no-filters');
  const subscriptions: SubscriptionRequest[] = [];
  while (reader.left > 0) subscriptions.push(readSubscription(reader));
  return { type: 'subscribe', packetId, subscriptions, ...(properties && { properties }) };
}

function writeSubscription(writer: PacketWriter, subscription: SubscriptionRequest): void {
  writer.object(subscription, 'subscriptions');
  const { filter, qos, noLocal, retainAsPublished, retainHandling } = subscription;
  writeFilter(writer, filter);
  if (!isIntegerWithin(qos, 0, 2)) writer.fail('bad-options', 'qos');
  if (!isIntegerWithin(retainHandling, 0, 2)) writer.fail('bad-options', 'retainHandling');
  if (noLocal && isSharedFilter(filter)) writer.fail('no-local-on-share', 'noLocal');
  const options =
    (retainHandling << 4) |
    writer.flag(retainAsPublished, RETAIN_AS_PUBLISHED, 'retainAsPublished') |
    writer.flag(noLocal, NO_LOCAL, 'noLocal') |
    qos;
  if (writer.version === '3.1.1' && options !== qos) writer.fail('only-in-5.0', 'subscriptions');
  writer.u8(options);
}

function readSubscription(reader: PacketReader): SubscriptionRequest {
  const filter = readFilter(reader);
  const options = reader.u8();
  if (options & (reader.version === '3.1.1' ? 0xfc : 0xc0)) reader.fail('reserved-options');
  const qos = options & 3;
  const retainHandling = options >>> 4;
  if (qos === 3 || retainHandling === 3) reader.fail('bad-options');
  const noLocal = (options & NO_LOCAL) !== 0;
  if (noLocal && isSharedFilter(filter)) reader.fail('no-local-on-share');
  return {
    filter,
    qos: qos as QoS,
    noLocal,
    retainAsPublished: (options & RETAIN_AS_PUBLISHED) !== 0,
    retainHandling: retainHandling as RetainHandling,
  };
}
