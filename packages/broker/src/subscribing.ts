/** SUBSCRIBE and UNSUBSCRIBE: filters one after the other, one answer for all [MQTT-3.8.4-5] [MQTT-3.10.4-6]. */
import {
  parseSharedFilter,
  validateTopicFilter,
  type SubscribePacket,
  type SubscriptionRequest,
  type UnsubscribePacket,
} from '@omqtt/codec';
import type { Verdict } from './broker-options.ts';
import type { ClientConnection } from './client-connection.ts';
import { deliverRetained } from './distribution.ts';
import type { Engine } from './engine.ts';
import { askHook, verdictOf, whenKnown } from './hooks.ts';
import { withNote, type Note, type Refusal } from './refusal.ts';
import type { Session } from './session.ts';
import type { Subscription } from './subscription.ts';

export function receiveSubscribe(
  engine: Engine,
  connection: ClientConnection,
  packet: SubscribePacket,
): void | Promise<void> {
  const { session } = connection;
  if (!session) return undefined;
  const identifier = packet.properties?.subscriptionIdentifier;
  if (identifier !== undefined && !engine.limits.subscriptionIdentifiers) {
    return connection.endForError(0xa1, 'Subscription identifiers are not supported here');
  }
  const refusal = engine.faults.takeRefusal(packet, connection.clientId);
  const refusals = refusal ? packet.subscriptions.map(() => refusal) : judgeAll(engine, connection, packet);
  return whenKnown(refusals, (known) => {
    if (!connection.isOpen) return;
    const results = packet.subscriptions.map((request, index) =>
      subscribe(engine, session, { request, identifier, refusal: known[index] }),
    );
    answerSubscribe(connection, packet, { results, note: known.find((each) => each !== undefined) ?? {} });
    for (const { subscription, sendsRetained } of results) {
      if (subscription && sendsRetained) sendRetained(engine, subscription);
    }
  });
}

export function receiveUnsubscribe(engine: Engine, connection: ClientConnection, packet: UnsubscribePacket): void {
  const { session, version, clientId } = connection;
  const { packetId, filters } = packet;
  if (!session) return;
  const refusal = engine.faults.takeRefusal(packet, clientId);
  const codes = filters.map((filter) => {
    if (refusal) return refusal.reasonCode;
    // Character by character, as the client wrote it [MQTT-3.10.4-1].
    const subscription = session.subscriptions.get(filter);
    if (!subscription) return 0x11;
    session.subscriptions.delete(filter);
    engine.routes.remove(subscription);
    return 0;
  });
  const answer = version === '5.0' ? { reasonCodes: codes, ...withNote(refusal ?? {}) } : { reasonCodes: [] };
  connection.send({ type: 'unsuback', packetId, ...answer });
}

interface Wish {
  readonly request: SubscriptionRequest;
  readonly identifier: number | undefined;
  readonly refusal: Refusal | undefined;
}

interface Subscribed {
  readonly reasonCode: number;
  readonly subscription?: Subscription;
  readonly sendsRetained?: boolean;
}

function subscribe(engine: Engine, session: Session, { request, identifier, refusal }: Wish): Subscribed {
  const { filter, retainHandling } = request;
  const { limits, routes } = engine;
  if (refusal) return { reasonCode: refusal.reasonCode };
  const problem = problemOf(engine, filter);
  if (problem !== undefined) return { reasonCode: problem };
  const old = session.subscriptions.get(filter);
  if (!old && session.subscriptions.size >= limits.subscriptionsPerSession) return { reasonCode: 0x97 };
  const qos = request.qos < limits.maximumQoS ? request.qos : limits.maximumQoS;
  const subscription: Subscription = { kind: 'subscription', session, ...request, qos, identifier };
  // One replaces the other without a gap: nothing is distributed in between [MQTT-3.8.4-4].
  if (old) routes.remove(old);
  routes.add(subscription);
  session.subscriptions.set(filter, subscription);
  const isShared = parseSharedFilter(filter) !== undefined;
  const sendsRetained = !isShared && (retainHandling === 0 || (retainHandling === 1 && !old));
  return { reasonCode: qos, subscription, sendsRetained };
}

function problemOf({ limits }: Engine, filter: string): number | undefined {
  // The codec reads `$share` in 3.1.1 as a level like others; here it is a share in both versions.
  if (!isValid(filter)) return 0x8f;
  if (!limits.sharedSubscriptions && parseSharedFilter(filter)) return 0x9e;
  const hasWildcard = filter.includes('#') || filter.includes('+');
  return hasWildcard && !limits.wildcardSubscriptions ? 0xa2 : undefined;
}

function isValid(filter: string): boolean {
  try {
    validateTopicFilter(filter);
    return true;
  } catch {
    return false;
  }
}

function judgeAll(
  engine: Engine,
  { clientId, username }: ClientConnection,
  { subscriptions }: SubscribePacket,
): readonly (Refusal | undefined)[] | Promise<readonly (Refusal | undefined)[]> {
  const { authorize } = engine.options;
  if (!authorize) return [];
  const verdicts = subscriptions.map(({ filter, qos }) => {
    const question = { action: 'subscribe', clientId, username, topic: filter, qos, retain: false } as const;
    return askHook(engine, () => authorize(question), { reasonCode: 0x80 });
  });
  if (verdicts.every(isKnown)) return verdicts.map((verdict) => verdictOf(verdict, 0x87));
  return Promise.all(verdicts.map(async (verdict) => verdictOf(await verdict, 0x87)));
}

function isKnown(verdict: Verdict | Promise<Verdict>): verdict is Verdict {
  return !(verdict instanceof Promise);
}

interface Answer {
  readonly results: readonly Subscribed[];
  readonly note: Note;
}

function answerSubscribe(connection: ClientConnection, { packetId }: SubscribePacket, { results, note }: Answer): void {
  const codes = results.map(({ reasonCode }) => reasonCode);
  if (connection.version === '5.0') {
    connection.send({ type: 'suback', packetId, reasonCodes: codes, ...withNote(note) });
    return;
  }
  // 3.1.1 has one code for all that can go wrong.
  connection.send({ type: 'suback', packetId, reasonCodes: codes.map((code) => (code >= 0x80 ? 0x80 : code)) });
}

function sendRetained(engine: Engine, subscription: Subscription): void {
  const now = engine.clock.now();
  for (const store of [engine.retained, engine.ownRetained]) {
    for (const message of store.matching(subscription.filter, now)) deliverRetained(subscription, message);
  }
}
