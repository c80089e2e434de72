/** SUBSCRIBE and UNSUBSCRIBE with their answers, and what the client is subscribed to. */
import { isFailure, type QoS, type SubscriptionRequest } from '@omqtt/codec';
import type { InspectedPacketOf } from '../decode/inspected-packet.ts';
import { endExchange } from '../exchange.ts';
import { addMark } from '../packet-record.ts';
import type { SubscriptionState } from './state.ts';
import { begin, canBegin, join, report, type Turn } from './turn.ts';

type Request = InspectedPacketOf<'subscribe'> | InspectedPacketOf<'unsubscribe'>;
type Answer = InspectedPacketOf<'suback'> | InspectedPacketOf<'unsuback'>;

const path = 'packetId';

export function onSubscriptionRequest(turn: Turn, packet: Request): void {
  const { connection } = turn;
  const { packetId, type } = packet;
  checkFeatures(turn, packet);
  if (packetId === undefined || packetId === 0) return;
  const isUsed = connection.session.deliveries.c2s.has(packetId) || connection.subscribing.has(packetId);
  if (isUsed) report(turn, 'id-in-use', { path });
  if (!isUsed && canBegin(turn)) connection.subscribing.set(packetId, { ...begin(turn, type), packet });
  if (type === 'subscribe') for (const request of packet.subscriptions ?? []) subscribe(turn, packet, request);
  else for (const filter of packet.filters ?? []) unsubscribe(turn, filter);
}

function checkFeatures(turn: Turn, packet: Request): void {
  const properties = turn.connection.connack?.properties;
  if (packet.type !== 'subscribe' || properties === undefined) return;
  if (properties.subscriptionIdentifierAvailable === false && packet.properties?.subscriptionIdentifier !== undefined) {
    report(turn, 'identifier-not-available', { path: 'properties.subscriptionIdentifier' });
  }
  for (const [index, { filter }] of (packet.subscriptions ?? []).entries()) {
    const place = { path: `subscriptions[${index}].filter` };
    if (properties.wildcardSubscriptionAvailable === false && /[#+]/.test(filter)) {
      report(turn, 'wildcard-not-available', place);
    }
    if (properties.sharedSubscriptionAvailable === false && filter.startsWith('$share/')) {
      report(turn, 'share-not-available', place);
    }
  }
}

/** Messages may come before the SUBACK, so it counts from now on. */
function subscribe(turn: Turn, packet: InspectedPacketOf<'subscribe'>, request: SubscriptionRequest): void {
  const { session } = turn.connection;
  const { filter, qos, retainHandling, noLocal, retainAsPublished } = request;
  const old = session.subscriptions.get(filter);
  session.unsubscribed.delete(filter);
  const { maximumSubscriptions, maximumFilterCharacters } = turn.shared.limits;
  if (old === undefined) session.filterCharacters += filter.length;
  const isFull =
    session.subscriptions.size >= maximumSubscriptions || session.filterCharacters > maximumFilterCharacters;
  if (old === undefined && isFull) {
    session.isComplete = false;
    return;
  }
  const isNew = old === undefined;
  session.subscriptions.set(filter, {
    filter,
    qos: Math.max(qos, old?.qos ?? 0) as QoS,
    isGranted: old?.isGranted ?? false,
    noLocal: noLocal && (old?.noLocal ?? true),
    retainAsPublished: retainAsPublished || (old?.retainAsPublished ?? false),
    retainHandling,
    isRetainedDue: retainHandling === 0 || (retainHandling === 1 && isNew) || (old?.isRetainedDue ?? false),
    identifier: packet.properties?.subscriptionIdentifier,
    isReplaced: !isNew,
  });
}

/** Messages on their way may still come, which is what `unsubscribed` is for. */
function unsubscribe({ connection, shared, now }: Turn, filter: string): void {
  const { subscriptions, unsubscribed } = connection.session;
  if (!subscriptions.has(filter)) return;
  unsubscribed.set(filter, now);
  if (unsubscribed.size > shared.limits.maximumSubscriptions) unsubscribed.delete([...unsubscribed.keys()][0] ?? '');
}

export function onSubscriptionAnswer(turn: Turn, packet: Answer): void {
  const { connection, record, shared, now } = turn;
  const { packetId, type, reasonCodes = [] } = packet;
  if (packetId === undefined || packetId === 0) return;
  const request = connection.subscribing.get(packetId);
  const isAnswer = request?.packet.type === (type === 'suback' ? 'subscribe' : 'unsubscribe');
  if (request === undefined || !isAnswer) {
    addMark(record, 'orphan');
    if (connection.session.isComplete) report(turn, type === 'suback' ? 'orphan-suback' : 'orphan-unsuback', { path });
    return;
  }
  connection.subscribing.delete(packetId);
  join(turn, request.exchange);
  const isRefused = reasonCodes.length > 0 && reasonCodes.every((code) => isFailure(code));
  endExchange(request.exchange, isRefused ? 'refused' : 'done', now);
  shared.openExchanges -= 1;
  if (request.packet.type === 'subscribe') applySuback(turn, request.packet, reasonCodes);
  else applyUnsuback(turn, request.packet, reasonCodes);
}

function applySuback(
  turn: Turn,
  { subscriptions = [] }: InspectedPacketOf<'subscribe'>,
  codes: readonly number[],
): void {
  const { session } = turn.connection;
  if (codes.length !== subscriptions.length) {
    report(turn, 'suback-count', { detail: `${codes.length} for ${subscriptions.length}` });
    session.isComplete = false;
    return;
  }
  for (const [index, code] of codes.entries()) {
    const request = subscriptions[index];
    const state = request && session.subscriptions.get(request.filter);
    if (!request || !state) continue;
    if (isFailure(code)) dropRefused(session.subscriptions, state);
    else if (code > request.qos) report(turn, 'granted-more', { path: `reasonCodes[${index}]` });
    else session.subscriptions.set(state.filter, { ...state, isGranted: true });
  }
}

/** A refused change leaves what was granted before. */
function dropRefused(subscriptions: Map<string, SubscriptionState>, state: SubscriptionState): void {
  if (!state.isGranted) subscriptions.delete(state.filter);
}

const NO_SUBSCRIPTION_EXISTED = 0x11;

function applyUnsuback(turn: Turn, { filters = [] }: InspectedPacketOf<'unsubscribe'>, codes: readonly number[]): void {
  const { session } = turn.connection;
  const isV5 = turn.record.version === '5.0';
  if (isV5 && codes.length !== filters.length) {
    report(turn, 'unsuback-count', { detail: `${codes.length} for ${filters.length}` });
    return;
  }
  for (const [index, filter] of filters.entries()) {
    const code = isV5 ? (codes[index] ?? 0) : 0;
    const isKnown = session.subscriptions.get(filter)?.isGranted === true;
    if (code === NO_SUBSCRIPTION_EXISTED && isKnown && session.isComplete) {
      report(turn, 'unsubscribed-unknown', { path: `reasonCodes[${index}]` });
    }
    if (isFailure(code)) session.unsubscribed.delete(filter);
    else session.subscriptions.delete(filter);
  }
}
