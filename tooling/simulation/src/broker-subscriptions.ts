/** SUBSCRIBE and UNSUBSCRIBE at the broker. */
import type { SubscribePacket, UnsubscribePacket } from '@omqtt/codec';
import type { BrokerConnection } from './broker-connection.ts';
import type { BrokerSession } from './broker-session.ts';
import { hold } from './violation.ts';

export function answerSubscribe(connection: BrokerConnection, session: BrokerSession, packet: SubscribePacket): void {
  const { world, limits } = connection;
  const { packetId, subscriptions, properties } = packet;
  const identifier = properties?.subscriptionIdentifier;
  const mayIdentify = limits.subscriptionIdentifierAvailable ?? true;
  hold(identifier === undefined || mayIdentify, 'subscribe-limits', () => 'a subscription identifier came');
  const reasonCodes = subscriptions.map(({ filter, qos }) => {
    const isShared = filter.startsWith('$share/');
    const isWild = /[#+]/.test(filter);
    hold(!isShared || (limits.sharedSubscriptionAvailable ?? true), 'subscribe-limits', () => `${filter} is shared`);
    hold(
      !isWild || (limits.wildcardSubscriptionAvailable ?? true),
      'subscribe-limits',
      () => `${filter} has a wildcard`,
    );
    const isRefused = !world.isCalm() && world.random.percent(world.setup.broker.refusesPercent);
    // A refusal leaves an earlier subscription as it was (§3.8.4).
    if (isRefused) return world.setup.version === '5.0' ? 0x87 : 0x80;
    session.subscriptions.set(filter, { qos, identifier });
    return qos;
  });
  connection.send({ type: 'suback', packetId, reasonCodes });
}

export function answerUnsubscribe(
  connection: BrokerConnection,
  session: BrokerSession,
  packet: UnsubscribePacket,
): void {
  const { packetId, filters } = packet;
  const existed = filters.map((filter) => session.subscriptions.delete(filter));
  const reasonCodes = connection.world.setup.version === '5.0' ? existed.map((was) => (was ? 0 : 0x11)) : [];
  connection.send({ type: 'unsuback', packetId, reasonCodes });
}
