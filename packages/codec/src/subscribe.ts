/**
 * SUBSCRIBE (§3.8).
 *
 *     packet id u16 · properties (5.0) · one or more of: filter · options
 *     options: 5–4 retain handling · 3 retain as published · 2 no local · 1–0 QoS; in 3.1.1 only the QoS
 */
import type { QoS, RetainHandling, SubscribePacket, SubscriptionRequest } from './packet.ts';
import { checkItems, readHead, readItems, writeHead } from './packet-list.ts';
import type { PacketReader } from './packet-reader.ts';
import { isIntegerWithin, type PacketWriter } from './packet-writer.ts';
import { readFilter, writeFilter } from './topic-fields.ts';
import { isSharedFilter } from './topic-filter.ts';

const NO_LOCAL = 0x04;
const RETAIN_AS_PUBLISHED = 0x08;
/** The statement that there is no such thing. */
const NO_LOCAL_ON_SHARE = '3.8.3-4';

export function encodeSubscribe(writer: PacketWriter, packet: SubscribePacket): void {
  checkItems(writer, packet.subscriptions, 'subscriptions', 'no-filters');
  writeHead(writer, packet);
  for (const subscription of packet.subscriptions) writeSubscription(writer, subscription);
}

export function decodeSubscribe(reader: PacketReader): SubscribePacket {
  return { ...readHead(reader, 'subscribe'), subscriptions: readItems(reader, readSubscription, 'no-filters') };
}

function writeSubscription(writer: PacketWriter, subscription: SubscriptionRequest): void {
  writer.object(subscription, 'subscriptions');
  const { filter, qos, noLocal, retainAsPublished, retainHandling } = subscription;
  writeFilter(writer, filter);
  if (!isIntegerWithin(qos, 0, 2)) writer.fail('bad-options', 'qos');
  if (!isIntegerWithin(retainHandling, 0, 2)) writer.fail('bad-options', 'retainHandling');
  if (noLocal && isSharedFilter(filter)) writer.fail('bad-options', 'noLocal', NO_LOCAL_ON_SHARE);
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
  // In 3.1.1 all is reserved but the QoS, and so is a QoS of 3.
  if (reader.version === '3.1.1' ? options > 2 : options > 0x3f) reader.fail('reserved-options');
  const qos = options & 3;
  const retainHandling = options >>> 4;
  if (qos === 3 || retainHandling === 3) reader.fail('bad-options');
  const noLocal = (options & NO_LOCAL) !== 0;
  if (noLocal && isSharedFilter(filter)) reader.fail('bad-options', NO_LOCAL_ON_SHARE);
  return {
    filter,
    qos: qos as QoS,
    noLocal,
    retainAsPublished: (options & RETAIN_AS_PUBLISHED) !== 0,
    retainHandling: retainHandling as RetainHandling,
  };
}
