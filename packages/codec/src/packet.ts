/**
 * The packets of MQTT 5.0 and 3.1.1 as plain objects: the vocabulary that codec, session, logs and tools share.
 *
 * Both versions use the same shapes. What 3.1.1 has no room for (properties, most reason codes, subscription options)
 * is absent or at its default when read, and refused when written.
 */
import type {
  AckProperties,
  AuthProperties,
  ConnackProperties,
  ConnectProperties,
  DisconnectProperties,
  PublishProperties,
  SubscribeProperties,
  UnsubscribeProperties,
  WillProperties,
} from './properties.ts';

export type ProtocolVersion = '5.0' | '3.1.1';
export type QoS = 0 | 1 | 2;

/** 0: send retained messages at subscribe; 1: only if the subscription is new; 2: never. */
export type RetainHandling = 0 | 1 | 2;

export interface ConnectPacket {
  readonly type: 'connect';
  readonly version: ProtocolVersion;
  readonly clientId: string;
  /** Clean Session in 3.1.1. */
  readonly cleanStart: boolean;
  /** 0 turns keep-alive off. */
  readonly keepAliveSeconds: number;
  readonly username?: string;
  readonly password?: Uint8Array;
  readonly will?: Will;
  readonly properties?: ConnectProperties;
}

export interface Will {
  readonly topic: string;
  readonly payload: Uint8Array;
  readonly qos: QoS;
  readonly retain: boolean;
  readonly properties?: WillProperties;
}

export interface ConnackPacket {
  readonly type: 'connack';
  readonly sessionPresent: boolean;
  /** The return codes 1 to 5 of 3.1.1 appear as their 5.0 equals: 0x84, 0x85, 0x88, 0x86, 0x87. */
  readonly reasonCode: number;
  readonly properties?: ConnackProperties;
}

export interface PublishPacket {
  readonly type: 'publish';
  /** Empty only beside a topic alias (5.0). */
  readonly topic: string;
  readonly payload: Uint8Array;
  readonly qos: QoS;
  readonly retain: boolean;
  readonly dup: boolean;
  /** 1..65535, present exactly when `qos` is above 0. */
  readonly packetId?: number;
  readonly properties?: PublishProperties;
}

/** What PUBACK, PUBREC, PUBREL and PUBCOMP have in common, which is everything but the name. */
interface Acknowledgement<Type extends string> {
  readonly type: Type;
  readonly packetId: number;
  readonly reasonCode: number;
  readonly properties?: AckProperties;
}

export type PubackPacket = Acknowledgement<'puback'>;
export type PubrecPacket = Acknowledgement<'pubrec'>;
export type PubrelPacket = Acknowledgement<'pubrel'>;
export type PubcompPacket = Acknowledgement<'pubcomp'>;
export type AcknowledgementPacket = PubackPacket | PubrecPacket | PubrelPacket | PubcompPacket;

export interface SubscribePacket {
  readonly type: 'subscribe';
  readonly packetId: number;
  readonly subscriptions: readonly SubscriptionRequest[];
  readonly properties?: SubscribeProperties;
}

export interface SubscriptionRequest {
  readonly filter: string;
  readonly qos: QoS;
  readonly noLocal: boolean;
  readonly retainAsPublished: boolean;
  readonly retainHandling: RetainHandling;
}

export interface SubackPacket {
  readonly type: 'suback';
  readonly packetId: number;
  /** One per filter, in the order of the SUBSCRIBE: the granted QoS, or a failure. */
  readonly reasonCodes: readonly number[];
  readonly properties?: AckProperties;
}

export interface UnsubscribePacket {
  readonly type: 'unsubscribe';
  readonly packetId: number;
  readonly filters: readonly string[];
  readonly properties?: UnsubscribeProperties;
}

export interface UnsubackPacket {
  readonly type: 'unsuback';
  readonly packetId: number;
  /** One per filter; always empty in 3.1.1, which does not tell. */
  readonly reasonCodes: readonly number[];
  readonly properties?: AckProperties;
}

export interface PingreqPacket {
  readonly type: 'pingreq';
}

export interface PingrespPacket {
  readonly type: 'pingresp';
}

export interface DisconnectPacket {
  readonly type: 'disconnect';
  readonly reasonCode: number;
  readonly properties?: DisconnectProperties;
}

export interface AuthPacket {
  readonly type: 'auth';
  readonly reasonCode: number;
  /** Always there: an AUTH without an Authentication Method is a protocol error. */
  readonly properties: AuthProperties;
}

export type Packet =
  | ConnectPacket
  | ConnackPacket
  | PublishPacket
  | AcknowledgementPacket
  | SubscribePacket
  | SubackPacket
  | UnsubscribePacket
  | UnsubackPacket
  | PingreqPacket
  | PingrespPacket
  | DisconnectPacket
  | AuthPacket;

export type PacketType = Packet['type'];
