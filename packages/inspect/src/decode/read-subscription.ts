/** SUBSCRIBE, UNSUBSCRIBE and their acknowledgements, field by field. */
import { mayCarry, reasonName } from '@omqtt/codec';
import type { FieldReader } from './field-reader.ts';
import { setProperties } from './read-connect.ts';
import { readPacketId } from './read-message.ts';
import { readProperties } from './read-properties.ts';

type Members = Record<string, unknown>;

export function readSubscribe(reader: FieldReader, packet: Members): void {
  readPacketId(reader, packet);
  setProperties(packet, readProperties(reader, 'subscribe'));
  const subscriptions: Members[] = [];
  packet['subscriptions'] = subscriptions;
  if (reader.left === 0) reader.fault('no-filters');
  while (reader.left > 0) {
    reader.group(`subscriptions[${subscriptions.length}]`, () => subscriptions.push(readSubscription(reader)));
  }
}

function readSubscription(reader: FieldReader): Members {
  const filter = readFilter(reader, '3.8.3-1');
  const options = reader.u8('options');
  const place = { start: reader.at - 1, end: reader.at };
  const isV5 = reader.version === '5.0';
  const subscription = {
    filter,
    qos: options & 3,
    noLocal: isV5 && (options & 4) !== 0,
    retainAsPublished: isV5 && (options & 8) !== 0,
    retainHandling: isV5 ? (options >>> 4) & 3 : 0,
  };
  if (options > (isV5 ? 0x3f : 3)) reader.fault('reserved-options');
  reader.add({ name: 'qos', ...place, bits: 3, value: subscription.qos });
  if (subscription.qos === 3) reader.fault('subscribe-qos-3');
  if (!isV5) return subscription;
  reader.add({ name: 'noLocal', ...place, bits: 4, value: subscription.noLocal });
  if (subscription.noLocal && isShared(filter)) reader.fault('no-local-on-share');
  reader.add({ name: 'retainAsPublished', ...place, bits: 8, value: subscription.retainAsPublished });
  reader.add({ name: 'retainHandling', ...place, bits: 0x30, value: subscription.retainHandling });
  if (subscription.retainHandling === 3) reader.fault('retain-handling-3');
  return subscription;
}

function isShared(filter: string): boolean {
  return /^\$share(\/|$)/.test(filter);
}

function readFilter(reader: FieldReader, also: string): string {
  const filter = reader.text('filter', also);
  if (filter === '') {
    reader.fault('empty-filter');
    return filter;
  }
  const pattern = reader.version === '5.0' && isShared(filter) ? checkShare(reader, filter) : filter;
  if (/[^/]#|#[^]/.test(pattern)) reader.fault('misplaced-hash');
  if (/[^/]\+|\+[^/]/.test(pattern.replaceAll('#', ''))) reader.fault('misplaced-plus');
  return filter;
}

/** Returns what topics have to match. */
function checkShare(reader: FieldReader, filter: string): string {
  const [, share = '', ...levels] = filter.split('/');
  const pattern = levels.join('/');
  if (share === '') reader.fault('no-share-name');
  else if (/[#+]/.test(share) || pattern === '') reader.fault('bad-share-name');
  return pattern;
}

export function readUnsubscribe(reader: FieldReader, packet: Members): void {
  readPacketId(reader, packet);
  setProperties(packet, readProperties(reader, 'unsubscribe'));
  const filters: string[] = [];
  packet['filters'] = filters;
  if (reader.left === 0) reader.fault('nothing-to-unsubscribe');
  while (reader.left > 0) filters.push(readFilter(reader, '3.10.3-1'));
}

export function readSubscribeAck(reader: FieldReader, packet: Members): void {
  const type = packet['type'] as 'suback' | 'unsuback';
  readPacketId(reader, packet);
  setProperties(packet, readProperties(reader, type));
  const reasonCodes: number[] = [];
  packet['reasonCodes'] = reasonCodes;
  // The UNSUBACK of 3.1.1 does not tell.
  if (type === 'unsuback' && reader.version === '3.1.1') return;
  if (reader.left === 0) {
    reader.fault(type === 'suback' ? 'no-suback-codes' : 'no-unsuback-codes', { start: 0, end: reader.at });
  }
  const carrier = reader.version === '3.1.1' ? 'suback311' : type;
  while (reader.left > 0) {
    const code = reader.u8(`reasonCodes[${reasonCodes.length}]`);
    reader.annotate(reasonName(code, type));
    if (!mayCarry(carrier, code, 'server')) reader.fault(`${type}-code`);
    reasonCodes.push(code);
  }
}
