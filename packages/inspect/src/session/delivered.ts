/** Holds a message of the server against the subscriptions of the client. */
import { topicMatches } from '@omqtt/codec';
import type { InspectedPacketOf } from '../decode/inspected-packet.ts';
import { textOf } from '../platform-text.ts';
import type { SessionState, SubscriptionState } from './state.ts';
import { report, type Turn } from './turn.ts';

/** With more subscriptions than these, looking through all of them for each message would take too long. */
const MOST_SUBSCRIPTIONS = 200;
/** Buffered messages may come for a while after UNSUBSCRIBE. */
const BUFFERED_MS = 10_000;

export function checkDelivered(turn: Turn, packet: InspectedPacketOf<'publish'>): void {
  const { connection, record } = turn;
  const { session } = connection;
  if (!session.isComplete || connection.connack === undefined || session.subscriptions.size > MOST_SUBSCRIPTIONS) {
    return;
  }
  const { topic } = record;
  if (topic === undefined || topic === '' || /[#+\0]/.test(topic)) return;
  const matching = subscriptionsFor(session, topic);
  if (matching.length === 0) return checkUnwanted(turn, topic);
  // What is sent again was matched against older subscriptions.
  if (packet.dup) return undefined;
  const granted = Math.max(...matching.map(({ qos }) => qos));
  if ((packet.qos ?? 0) > granted) {
    report(turn, 'qos-over-granted', { path: 'qos', detail: `${packet.qos} of ${granted}` });
  }
  if (record.version !== '5.0') return undefined;
  if (packet.retain) checkRetained(turn, matching);
  checkIdentifiers(turn, packet, matching);
  return checkOwn(turn, packet, matching);
}

function subscriptionsFor(session: SessionState, topic: string): SubscriptionState[] {
  const found: SubscriptionState[] = [];
  for (const subscription of session.subscriptions.values()) {
    if (matches(subscription.filter, topic)) found.push(subscription);
  }
  return found;
}

function matches(filter: string, topic: string): boolean {
  const pattern = filter.replace(/^\$share\/[^/]+\//, '');
  try {
    return topicMatches(pattern, topic);
  } catch {
    // The filter is malformed, which was said when it came: what it matches is for the server to say.
    return true;
  }
}

function checkUnwanted(turn: Turn, topic: string): void {
  const { session } = turn.connection;
  if (session.unsubscribed.size > MOST_SUBSCRIPTIONS) return;
  for (const [filter, at] of session.unsubscribed) {
    if (!matches(filter, topic)) continue;
    if (turn.now > at + BUFFERED_MS) report(turn, 'after-unsubscribe', { path: 'topic', detail: filter });
    return;
  }
  // A broker may subscribe a client by itself; it then says nothing, and this is all there is to see.
  const isDollar =
    topic.startsWith('$') &&
    [...session.subscriptions.keys()].some((filter) => /^[#+]/.test(filter) && matches(filter, topic.slice(1)));
  report(turn, isDollar ? 'dollar-topic' : 'no-matching-subscription', { path: 'topic' });
}

function checkRetained(turn: Turn, matching: readonly SubscriptionState[]): void {
  if (matching.some(({ retainAsPublished, isRetainedDue }) => retainAsPublished || isRetainedDue)) return;
  const isAgain = matching.some(({ retainHandling }) => retainHandling === 1);
  report(turn, isAgain ? 'retained-again' : 'retained-unwanted', { path: 'retain' });
}

function checkIdentifiers(
  turn: Turn,
  { properties }: InspectedPacketOf<'publish'>,
  matching: readonly SubscriptionState[],
): void {
  // Messages on their way may have what the subscription had before.
  if (matching.some(({ isReplaced }) => isReplaced)) return;
  const sent = properties?.subscriptionIdentifiers;
  const known = matching.map(({ identifier }) => identifier);
  if (sent === undefined) {
    if (!known.includes(undefined)) report(turn, 'identifiers-missing', { detail: known.join(', ') });
    return;
  }
  const foreign = sent.filter((each) => !known.includes(each));
  if (foreign.length === 0 || turn.connection.session.unsubscribed.size > 0) return;
  report(turn, 'foreign-identifier', { path: 'properties.subscriptionIdentifiers', detail: foreign.join(', ') });
}

/** What the client published lately, to see No Local at work. */
const published = new WeakMap<SessionState, string[]>();
const MOST_PUBLISHED = 16;
const LONGEST_PUBLISHED = 4096;

export function notePublished({ connection, record }: Turn, { payload }: InspectedPacketOf<'publish'>): void {
  if (record.version !== '5.0' || !payload || payload.length === 0 || payload.length > LONGEST_PUBLISHED) return;
  if (connection.session.subscriptions.size > MOST_SUBSCRIPTIONS) return;
  if (![...connection.session.subscriptions.values()].some(({ noLocal }) => noLocal)) return;
  const list = published.get(connection.session) ?? [];
  list.push(keyOf(record.topic ?? '', payload));
  if (list.length > MOST_PUBLISHED) list.shift();
  published.set(connection.session, list);
}

function checkOwn(
  turn: Turn,
  { payload, retain }: InspectedPacketOf<'publish'>,
  matching: readonly SubscriptionState[],
): void {
  if (!payload || retain || !matching.every(({ noLocal }) => noLocal)) return;
  if (published.get(turn.connection.session)?.includes(keyOf(turn.record.topic ?? '', payload))) {
    report(turn, 'own-message');
  }
}

function keyOf(topic: string, payload: Uint8Array): string {
  return `${topic}\n${textOf(payload) ?? payload.join(' ')}`;
}
