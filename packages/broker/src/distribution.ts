/** One message to all who have subscribed to it. */
import type { QoS } from '@omqtt/codec';
import type { ClientConnection } from './client-connection.ts';
import type { Engine } from './engine.ts';
import type { Message } from './message.ts';
import type { Session } from './session.ts';
import type { Subscription } from './subscription.ts';

export interface Distributed {
  /** How many subscribers there were. */
  readonly recipients: number;
  /** One that wants its publishers to wait. */
  readonly slowest: ClientConnection | undefined;
}

const nobody: Distributed = { recipients: 0, slowest: undefined };

/** `publisher` does not hear its own messages where it asked not to. */
export function distribute(engine: Engine, message: Message, publisher?: Session): Distributed {
  const routes = engine.routes.match(message.topic);
  if (routes.length === 0) return nobody;
  const mark = engine.nextMark();
  const sessions: Session[] = [];
  let recipients = 0;
  for (const route of routes) {
    if (route.kind === 'group') {
      const member = route.choose(message.qos);
      if (member) deliverShared(member, message);
      if (member) recipients += 1;
      continue;
    }
    // [MQTT-3.8.3-3]
    if (route.noLocal && route.session === publisher) continue;
    if (note(route, message, mark)) sessions.push(route.session);
  }
  let slowest: ClientConnection | undefined;
  for (const session of sessions) {
    const { qos, retain, identifiers } = session.matched;
    session.matched.identifiers = undefined;
    session.outbound.deliver({ message, qos, retain, identifiers });
    if (session !== publisher && session.outbound.holdsPublishers) slowest = session.connection;
  }
  return { recipients: recipients + sessions.length, slowest };
}

/** A retained message for the one who has just subscribed. RETAIN tells that it is one [MQTT-3.3.1-8]. */
export function deliverRetained({ session, qos, identifier }: Subscription, message: Message): void {
  const identifiers = identifier === undefined ? undefined : [identifier];
  session.outbound.deliver({ message, qos: lower(qos, message.qos), retain: true, identifiers });
}

/** A session with overlapping subscriptions gets one message, at the highest QoS, with all identifiers [MQTT-3.3.4-2] [MQTT-3.3.4-4]. */
function note(subscription: Subscription, message: Message, mark: number): boolean {
  const { matched } = subscription.session;
  const isFirst = matched.mark !== mark;
  if (isFirst) {
    matched.mark = mark;
    matched.qos = 0;
    matched.retain = false;
    matched.identifiers = undefined;
  }
  const qos = lower(subscription.qos, message.qos);
  if (qos > matched.qos) matched.qos = qos;
  if (subscription.retainAsPublished && message.retain) matched.retain = true;
  if (subscription.identifier !== undefined) (matched.identifiers ??= []).push(subscription.identifier);
  return isFirst;
}

function deliverShared(member: Subscription, message: Message): void {
  const { session, identifier, retainAsPublished } = member;
  const identifiers = identifier === undefined ? undefined : [identifier];
  const retain = retainAsPublished && message.retain;
  session.outbound.deliver({ message, qos: lower(member.qos, message.qos), retain, identifiers });
}

function lower(one: QoS, other: QoS): QoS {
  return one < other ? one : other;
}
