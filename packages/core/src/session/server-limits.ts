/** What the server said in CONNACK that it accepts, with the defaults of the standard for what it left out. */
import type { ConnackProperties } from '@omqtt/codec';

export interface ServerLimits {
  readonly receiveMaximum: number;
  readonly maximumQoS: 0 | 1 | 2;
  readonly retainAvailable: boolean;
  readonly maximumPacketBytes: number;
  readonly topicAliasMaximum: number;
  readonly wildcardSubscriptionAvailable: boolean;
  readonly subscriptionIdentifierAvailable: boolean;
  readonly sharedSubscriptionAvailable: boolean;
}

/** Until CONNACK says more. */
export const STANDARD_LIMITS: ServerLimits = /* @__PURE__ */ serverLimits({});

/** The limits hold for one connection; what is absent is at its default again [MQTT-3.2.2-18]. */
export function serverLimits(properties: ConnackProperties): ServerLimits {
  return Object.freeze({
    receiveMaximum: properties.receiveMaximum ?? 65_535,
    maximumQoS: properties.maximumQoS ?? 2,
    retainAvailable: properties.retainAvailable ?? true,
    maximumPacketBytes: properties.maximumPacketBytes ?? Infinity,
    topicAliasMaximum: properties.topicAliasMaximum ?? 0,
    wildcardSubscriptionAvailable: properties.wildcardSubscriptionAvailable ?? true,
    subscriptionIdentifierAvailable: properties.subscriptionIdentifierAvailable ?? true,
    sharedSubscriptionAvailable: properties.sharedSubscriptionAvailable ?? true,
  });
}
