/** The properties of MQTT 5.0 (§2.2.2), grouped by the packet that carries them. */

/** Name and value; the same name may come again, and the order is kept. */
export type UserProperty = readonly [name: string, value: string];

interface WithUserProperties {
  readonly userProperties?: readonly UserProperty[];
}

interface WithReasonString {
  /** For people to read, never to be parsed. */
  readonly reasonString?: string;
}

interface WithAuthentication {
  readonly authenticationMethod?: string;
  readonly authenticationData?: Uint8Array;
}

/** What both sides may say about themselves when a connection begins. */
interface WithLimits {
  /** 0xFFFFFFFF: the session never expires. */
  readonly sessionExpirySeconds?: number;
  /** How many QoS 1 and 2 messages may be unacknowledged at once, 1..65535; 65535 when absent. */
  readonly receiveMaximum?: number;
  /** Counts the whole packet, fixed header included. */
  readonly maximumPacketBytes?: number;
  /** The highest alias the sender of this packet accepts; none when absent. */
  readonly topicAliasMaximum?: number;
}

/** What travels with an application message, in PUBLISH and in a will. */
interface MessageProperties extends WithUserProperties {
  /** 1: the payload is UTF-8 text. */
  readonly payloadFormatIndicator?: 0 | 1;
  readonly messageExpirySeconds?: number;
  readonly contentType?: string;
  readonly responseTopic?: string;
  readonly correlationData?: Uint8Array;
}

export interface ConnectProperties extends WithLimits, WithAuthentication, WithUserProperties {
  readonly requestResponseInformation?: boolean;
  readonly requestProblemInformation?: boolean;
}

export interface WillProperties extends MessageProperties {
  readonly willDelaySeconds?: number;
}

export interface ConnackProperties extends WithLimits, WithAuthentication, WithReasonString, WithUserProperties {
  /** 2 when absent. */
  readonly maximumQoS?: 0 | 1;
  readonly retainAvailable?: boolean;
  readonly assignedClientId?: string;
  readonly wildcardSubscriptionAvailable?: boolean;
  readonly subscriptionIdentifierAvailable?: boolean;
  readonly sharedSubscriptionAvailable?: boolean;
  readonly serverKeepAliveSeconds?: number;
  readonly responseInformation?: string;
  readonly serverReference?: string;
}

export interface PublishProperties extends MessageProperties {
  /** Belongs to one network connection; never store it. */
  readonly topicAlias?: number;
  /** Only from server to client: one for each subscription that matched, in any order, equal ones included. */
  readonly subscriptionIdentifiers?: readonly number[];
}

/** PUBACK, PUBREC, PUBREL, PUBCOMP, SUBACK and UNSUBACK. */
export interface AckProperties extends WithReasonString, WithUserProperties {}

export interface SubscribeProperties extends WithUserProperties {
  readonly subscriptionIdentifier?: number;
}

export interface UnsubscribeProperties extends WithUserProperties {}

export interface DisconnectProperties extends WithReasonString, WithUserProperties {
  /** Only from client to server. */
  readonly sessionExpirySeconds?: number;
  readonly serverReference?: string;
}

export interface AuthProperties extends WithReasonString, WithUserProperties {
  readonly authenticationMethod: string;
  readonly authenticationData?: Uint8Array;
}

/** Which packet carries which. A will has properties of its own, apart from those of the CONNECT that carries it. */
export interface PropertiesOf {
  readonly connect: ConnectProperties;
  readonly will: WillProperties;
  readonly connack: ConnackProperties;
  readonly publish: PublishProperties;
  readonly puback: AckProperties;
  readonly pubrec: AckProperties;
  readonly pubrel: AckProperties;
  readonly pubcomp: AckProperties;
  readonly subscribe: SubscribeProperties;
  readonly suback: AckProperties;
  readonly unsubscribe: UnsubscribeProperties;
  readonly unsuback: AckProperties;
  readonly disconnect: DisconnectProperties;
  readonly auth: AuthProperties;
}
