/** Invents what a broker says in CONNACK. */
import type { Limits } from './plan.ts';
import type { Random } from './random.ts';

export function makeLimits(random: Random): Limits {
  return {
    ...(random.percent(60) && { receiveMaximum: random.pick([1, 1, 2, 3, 5, 20]) }),
    ...(random.percent(12) && { maximumQoS: random.percent(70) ? (1 as const) : (0 as const) }),
    ...(random.percent(15) && { retainAvailable: false as const }),
    ...(random.percent(25) && { maximumPacketBytes: random.pick([64, 128, 131, 160]) }),
    ...(random.percent(50) && { topicAliasMaximum: random.pick([1, 2, 5]) }),
    ...(random.percent(15) && { serverKeepAliveSeconds: random.pick([0, 3, 8]) }),
    ...(random.percent(10) && { sessionExpirySeconds: random.pick([0, 5, 600]) }),
    ...(random.percent(8) && { wildcardSubscriptionAvailable: false as const }),
    ...(random.percent(8) && { sharedSubscriptionAvailable: false as const }),
    ...(random.percent(8) && { subscriptionIdentifierAvailable: false as const }),
  };
}
