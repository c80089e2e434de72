/** What can be told about a connection: a plain object for lists and details. */
import { reasonName, type ProtocolVersion, type QoS, type Side } from '@omqtt/codec';
import type { Direction } from './direction.ts';
import { keepAliveSecondsOf } from './session/keep-alive.ts';
import type { ConnectionState } from './session/state.ts';

export interface SubscriptionView {
  readonly filter: string;
  readonly qos: QoS;
  readonly isGranted: boolean;
  readonly identifier: number | undefined;
}

export interface InFlightView {
  readonly packetId: number;
  readonly qos: number;
  readonly topic: string;
  /** `published` waits for PUBACK or PUBREC, `received` for PUBREL, `released` for PUBCOMP. */
  readonly phase: 'published' | 'received' | 'released';
  /** Of the record of its first PUBLISH. */
  readonly number: number;
}

/** Whether the client is heard often enough, and the server answers when it asks. */
export interface KeepAliveView {
  /** When anything of the client came last. */
  readonly heardAt: number;
  /** The longest time that it was silent, before it was heard again. */
  readonly longestSilentMs: number;
  /** When the first PINGREQ was sent that has no answer yet. */
  readonly askedAt: number | undefined;
  /** How long the last answer took. */
  readonly pingMs: number | undefined;
}

export interface ConnectionView {
  readonly id: string;
  readonly clientId: string | undefined;
  readonly version: ProtocolVersion | '3.1' | undefined;
  readonly openedAt: number;
  readonly closedAt: number | undefined;
  readonly closedBy: Side | undefined;
  /** One sentence on how it ended, or is about to; `undefined` while all is well. */
  readonly ending: string | undefined;
  readonly keepAliveSeconds: number;
  readonly keepAlive: KeepAliveView;
  readonly sessionPresent: boolean | undefined;
  readonly sessionExpirySeconds: number;
  readonly packets: Readonly<Record<Direction, number>>;
  readonly bytes: Readonly<Record<Direction, number>>;
  readonly subscriptions: readonly SubscriptionView[];
  readonly inFlight: Readonly<Record<Direction, readonly InFlightView[]>>;
  /** How many QoS 1 and 2 messages may be on their way; 65 535 when nobody said. */
  readonly receiveMaximum: Readonly<Record<Direction, number>>;
  readonly aliases: Readonly<Record<Direction, readonly (readonly [alias: number, topic: string])[]>>;
}

export function connectionView(connection: ConnectionState): ConnectionView {
  const { id, connect, connack, session, version, isOld, openedAt, closedAt, closedBy, packets, bytes } = connection;
  return {
    id,
    clientId: session.clientId ?? connect?.clientId,
    version: isOld ? '3.1' : version,
    openedAt,
    closedAt,
    closedBy,
    ending: endingOf(connection),
    keepAliveSeconds: keepAliveSecondsOf(connection),
    keepAlive: {
      heardAt: connection.heardAt,
      longestSilentMs: connection.longestSilentMs,
      askedAt: connection.pings[0]?.since,
      pingMs: connection.pingMs,
    },
    sessionPresent: connack?.sessionPresent,
    sessionExpirySeconds: session.expirySeconds,
    packets: { ...packets },
    bytes: { ...bytes },
    subscriptions: Array.from(session.subscriptions.values(), ({ filter, qos, isGranted, identifier }) => ({
      filter,
      qos,
      isGranted,
      identifier,
    })),
    inFlight: { c2s: inFlightOf(connection, 'c2s'), s2c: inFlightOf(connection, 's2c') },
    receiveMaximum: {
      c2s: connack?.properties?.receiveMaximum ?? 65_535,
      s2c: connect?.properties?.receiveMaximum ?? 65_535,
    },
    aliases: { c2s: [...connection.aliases.c2s], s2c: [...connection.aliases.s2c] },
  };
}

function inFlightOf({ session }: ConnectionState, direction: Direction): InFlightView[] {
  return Array.from(session.deliveries[direction].values(), ({ packetId, qos, topic, phase, number }) => ({
    packetId,
    qos,
    topic,
    phase,
    number,
  }));
}

function endingOf(connection: ConnectionState): string | undefined {
  const { connack, disconnectedBy, malformedAt, closedAt, closedBy, closedBecause, takenOverAt } = connection;
  if (connack?.reasonCode) return `the server refused the connection: ${reasonName(connack.reasonCode)}`;
  if (disconnectedBy) return `the ${disconnectedBy} sent DISCONNECT (packet ${connection.disconnectNumber})`;
  if (closedAt === undefined) return undefined;
  if (closedBecause !== undefined) return closedBecause;
  const who = closedBy ? `the ${closedBy} closed the connection` : 'the connection ended';
  if (takenOverAt !== undefined) return `${who}: its client id has a newer connection`;
  if (malformedAt !== undefined) return `${who} after a malformed packet of the client`;
  return `${who} without DISCONNECT`;
}
