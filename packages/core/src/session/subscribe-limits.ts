/** What a subscription must not ask for, because the server said so in CONNACK. */
import { type MqttError, parseSharedFilter, type SubscriptionRequest, type UserProperty } from '@omqtt/codec';
import { OnlyInV5Error, type ServerLimit, ServerLimitError } from './errors.ts';
import type { ConnectionState } from './machine.ts';

interface Subscriptions {
  readonly subscriptions: readonly SubscriptionRequest[];
  readonly identifier?: number | undefined;
  readonly userProperties?: readonly UserProperty[] | undefined;
}

/** Throws a `ServerLimitError`, or an `OnlyInV5Error`. */
export function checkSubscribeLimits({ limits, version }: ConnectionState, command: Subscriptions): void {
  const { subscriptions, identifier, userProperties } = command;
  if (identifier !== undefined && version === '3.1.1') throw new OnlyInV5Error('a subscription identifier');
  if (userProperties !== undefined && version === '3.1.1') throw new OnlyInV5Error('a user property');
  if (identifier !== undefined && !limits.subscriptionIdentifierAvailable) {
    throw new ServerLimitError('subscription-identifiers', 1, 0);
  }
  for (const { filter, noLocal, retainAsPublished, retainHandling } of subscriptions) {
    const hasOptions = noLocal || retainAsPublished || retainHandling !== 0;
    if (hasOptions && version === '3.1.1') throw new OnlyInV5Error('a subscription option');
    const isShared = version === '5.0' && parseSharedFilter(filter) !== undefined;
    if (isShared && !limits.sharedSubscriptionAvailable) throw new ServerLimitError('shared-subscriptions', 1, 0);
    if (!limits.wildcardSubscriptionAvailable && /[#+]/.test(filter)) {
      throw new ServerLimitError('wildcard-subscriptions', 1, 0);
    }
  }
}

/** The reason code with which the server would have refused it. */
export function refusalOf(error: MqttError): number {
  return error instanceof ServerLimitError ? (REFUSALS[error.limit] ?? UNSPECIFIED) : UNSPECIFIED;
}

const UNSPECIFIED = 0x80;
const REFUSALS: Readonly<Partial<Record<ServerLimit, number>>> = {
  'packet-size': 0x95,
  'shared-subscriptions': 0x9e,
  'subscription-identifiers': 0xa1,
  'wildcard-subscriptions': 0xa2,
};
