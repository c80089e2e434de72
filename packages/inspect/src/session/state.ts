/** What is known of a connection and of the session that outlives it. */
import type { ProtocolVersion, QoS, RetainHandling, Side } from '@omqtt/codec';
import type { InspectedPacketOf } from '../decode/inspected-packet.ts';
import type { Direction } from '../direction.ts';
import type { OpenExchange } from '../exchange.ts';
import type { RuleName } from '../lint/rule.ts';
import type { PacketFramer } from '../packet-framer.ts';
import type { ConnectionOrigin } from '../packet-record.ts';

export type ByDirection<Value> = Readonly<Record<Direction, Value>>;

/** A question that waits for its answer. */
export interface Pending {
  /** Of the record that asks. */
  readonly number: number;
  readonly exchange: OpenExchange;
  /** When it began to wait. */
  since: number;
  isLate: boolean;
}

/** A message of QoS 1 or 2 on its way, in the direction of its PUBLISH. */
export interface Delivery extends Pending {
  readonly packetId: number;
  readonly qos: number;
  /** Who has to act: `published` waits for PUBACK or PUBREC, `received` for PUBREL, `released` for PUBCOMP. */
  phase: 'published' | 'received' | 'released';
  /** The connection on which it went last. */
  connection: string;
  /** The connection on which the PUBLISH was sent again. */
  resentOn: string | undefined;
  /** Of its first PUBLISH. */
  readonly topic: string;
  /** Which came first in the session. */
  readonly order: number;
}

export interface SubscriptionRequestPending extends Pending {
  readonly packet: InspectedPacketOf<'subscribe'> | InspectedPacketOf<'unsubscribe'>;
}

export interface SubscriptionState {
  readonly filter: string;
  /** The highest that was asked for or granted: a message on its way may still have the older one. */
  readonly qos: QoS;
  readonly isGranted: boolean;
  readonly noLocal: boolean;
  readonly retainAsPublished: boolean;
  readonly retainHandling: RetainHandling;
  /** Whether retained messages may come for it. */
  readonly isRetainedDue: boolean;
  readonly identifier: number | undefined;
  /** It was there before, perhaps with another identifier. */
  readonly isReplaced: boolean;
}

export interface SessionState {
  clientId: string | undefined;
  /** All of it was seen, from its beginning on: what is missing here is missing indeed. */
  isComplete: boolean;
  readonly deliveries: ByDirection<Map<number, Delivery>>;
  /** Identifiers whose last message was refused. */
  readonly refused: ByDirection<Set<number>>;
  readonly subscriptions: Map<string, SubscriptionState>;
  /** When the client unsubscribed from what it has no more. */
  readonly unsubscribed: Map<string, number>;
  /** Of all filters that were subscribed to. */
  filterCharacters: number;
  /** Requests by response topic and correlation data. */
  readonly requests: Map<string, Pending>;
  /** Which aliases its last connection had set. */
  aliases: ByDirection<ReadonlyMap<number, string>> | undefined;
  expirySeconds: number;
  /** When its last connection ended. */
  endedAt: number | undefined;
  /** The connection that has it now. */
  connection: string | undefined;
  deliveryCount: number;
}

export interface ConnectionState {
  readonly id: string;
  version: ProtocolVersion | undefined;
  /** MQTT 3.1, which is read like 3.1.1. */
  isOld: boolean;
  /** Its beginning was not seen. */
  readonly isPartial: boolean;
  /** Its end will be seen, so that as long as it is not it goes on. */
  readonly isEndSeen: boolean;
  readonly origin: ConnectionOrigin | undefined;
  readonly openedAt: number;
  closedAt: number | undefined;
  closedBy: Side | undefined;
  closedBecause: string | undefined;
  readonly framers: ByDirection<PacketFramer>;
  readonly lastAt: Record<Direction, number>;
  readonly lastNumber: Record<Direction, number>;
  readonly packets: Record<Direction, number>;
  readonly bytes: Record<Direction, number>;
  connect: InspectedPacketOf<'connect'> | undefined;
  isConnectMalformed: boolean;
  connecting: Pending | undefined;
  connack: InspectedPacketOf<'connack'> | undefined;
  connackAt: number;
  /** Session Present came, and the client cannot have the session. */
  isSessionForeign: boolean;
  /** What was unacknowledged before the session was lost. */
  lost: ByDirection<ReadonlySet<number>>;
  /** When the client was heard last, be it with a part of a packet, and how long it had been silent before that. */
  heardAt: number;
  silentMs: number;
  longestSilentMs: number;
  /** Of the last PINGREQ that was answered. */
  pingMs: number | undefined;
  disconnectedBy: Side | undefined;
  disconnectedAt: number;
  disconnectNumber: number;
  /** When a packet of the client was malformed. */
  malformedAt: number | undefined;
  takenOverAt: number | undefined;
  readonly aliases: ByDirection<Map<number, string>>;
  readonly aliasCharacters: Record<Direction, number>;
  readonly pings: Pending[];
  readonly subscribing: Map<number, SubscriptionRequestPending>;
  authenticating: OpenExchange | undefined;
  /** The client began a re-authentication. */
  isReAuthenticating: boolean;
  hasReAuthenticationFailed: boolean;
  session: SessionState;
  /** What is said once for a connection. */
  readonly said: Set<RuleName>;
}

export function newSession(clientId: string | undefined, isComplete: boolean): SessionState {
  return {
    clientId,
    isComplete,
    deliveries: { c2s: new Map(), s2c: new Map() },
    refused: { c2s: new Set(), s2c: new Set() },
    subscriptions: new Map(),
    unsubscribed: new Map(),
    filterCharacters: 0,
    requests: new Map(),
    aliases: undefined,
    expirySeconds: 0,
    endedAt: undefined,
    connection: undefined,
    deliveryCount: 0,
  };
}

interface Opening {
  readonly at: number;
  readonly isPartial: boolean;
  readonly isEndSeen: boolean;
  readonly origin: ConnectionOrigin | undefined;
  readonly framers: ByDirection<PacketFramer>;
}

export function newConnection(id: string, { at, isPartial, isEndSeen, origin, framers }: Opening): ConnectionState {
  return {
    id,
    version: undefined,
    isOld: false,
    isPartial,
    isEndSeen,
    origin,
    openedAt: at,
    closedAt: undefined,
    closedBy: undefined,
    closedBecause: undefined,
    framers,
    lastAt: { c2s: at, s2c: at },
    lastNumber: { c2s: 0, s2c: 0 },
    packets: { c2s: 0, s2c: 0 },
    bytes: { c2s: 0, s2c: 0 },
    connect: undefined,
    isConnectMalformed: false,
    connecting: undefined,
    connack: undefined,
    connackAt: at,
    isSessionForeign: false,
    lost: { c2s: new Set(), s2c: new Set() },
    heardAt: at,
    silentMs: 0,
    longestSilentMs: 0,
    pingMs: undefined,
    disconnectedBy: undefined,
    disconnectedAt: at,
    disconnectNumber: 0,
    malformedAt: undefined,
    takenOverAt: undefined,
    aliases: { c2s: new Map(), s2c: new Map() },
    aliasCharacters: { c2s: 0, s2c: 0 },
    pings: [],
    subscribing: new Map(),
    authenticating: undefined,
    isReAuthenticating: false,
    hasReAuthenticationFailed: false,
    session: newSession(undefined, false),
    said: new Set(),
  };
}
