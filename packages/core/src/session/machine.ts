/** What the flows of the session work on. State of the session and state of the connection are two objects. */
import type { ConnackPacket, ConnectProperties, MqttError, Packet, ProtocolVersion, Will } from '@omqtt/codec';
import type { Deadlines } from './deadlines.ts';
import type { Effects } from './effects.ts';
import { ConnectionLostError } from './errors.ts';
import type { SlotWindow } from './flow-control.ts';
import type { Delivery } from './inbound.ts';
import type { NumberTable } from './number-table.ts';
import type { OutboundMessage, Outcome } from './outbound-message.ts';
import type { PacketIds } from './packet-ids.ts';
import type { Queue } from './queue.ts';
import type { ServerLimits } from './server-limits.ts';
import type { SessionOptions } from './session-options.ts';
import type { SparseMap, SparseSet } from './sparse-tables.ts';
import type { Declaration } from './declarations.ts';
import type { Exchange } from './subscriptions.ts';
import type { InboundAliases, OutboundAliases } from './topic-aliases.ts';
import type { Unread } from './unread.ts';

export interface Machine {
  readonly options: SessionOptions;
  readonly effects: Effects;
  readonly state: SessionState;
  /** The time of the call that is being worked on, in milliseconds since 1970. */
  now: number;
  /** Made for each connection, and thrown away with it. */
  connection: ConnectionState | undefined;
  /** Counts the connections. */
  connections: number;
}

/** Lives as long as the session, over any number of connections. */
export interface SessionState {
  /** What the server knows this client by; empty until it has assigned an id. */
  clientId: string;
  /** The server may hold a session that this side knows of. */
  exists: boolean;
  /** There never was one. */
  isNew: boolean;
  readonly packetIds: PacketIds;
  /** Accepted, not yet sent. Those that were dropped stay in the queue as `ended` until they are swept out. */
  readonly waiting: Queue<OutboundMessage>;
  /** Some of those that wait are in the store only. */
  unread: Unread | undefined;
  /** How many really wait, and their bytes. */
  waitingMessages: number;
  waitingBytes: number;
  /** Sent, not yet finished, by packet id. */
  readonly inFlight: NumberTable<OutboundMessage>;
  /** Counts first packets and PUBRELs of messages. */
  turns: number;
  readonly expiring: Deadlines<OutboundMessage>;
  nextSequence: number;
  /** QoS 2 messages that were taken over, and whose PUBREL has not come. */
  readonly received: SparseSet<number>;
  /** QoS 2 messages that a handler has in hand. */
  readonly deliveries: SparseMap<number, Delivery>;
  readonly declarations: SparseMap<string, Declaration>;
  /** How many of the messages that will come are waited for, as answers. */
  expected: number;
  /** Filters that were taken back, each with the last UNSUBSCRIBE that has no answer yet. */
  leaving?: Map<string, object>;
  /** SUBSCRIBE and UNSUBSCRIBE without an answer, in the order they were asked for. */
  readonly exchanges: SparseSet<Exchange>;
  /** Those of them that are still to be sent on this connection or the next, and some that have ended. */
  readonly unsentExchanges: Queue<Exchange>;
}

/**
 * `connecting`: CONNECT has left. `verifying`: CONNACK has come, and the proof of the server is looked at.
 * `connected`: messages flow. `closing`: the last packet has left, or the server has said its last; nothing counts any more.
 */
export type Phase = 'connecting' | 'verifying' | 'connected' | 'closing';

export interface ConnectionState {
  readonly number: number;
  readonly version: ProtocolVersion;
  readonly request: ConnectRequest;
  /** Waits for CONNACK; 0 when nobody does, or not any more. */
  operation: number;
  phase: Phase;
  /** This side knew of no session when CONNECT left: none but what comes of it is its own. */
  beginsSession: boolean;
  /** CONNACK was a success; true until the end. */
  isEstablished: boolean;
  /** The server may have more in flight than this side announced. */
  bearsExcess: boolean;
  /** Until the handshake is complete. */
  connack: ConnackPacket | undefined;
  /** Packets that came while the proof of the server was looked at. */
  held: Packet[];
  limits: ServerLimits;
  /** Effective, 0 when off. */
  keepAliveMs: number;
  expirySeconds: number;
  window: SlotWindow;
  /** What is sent again after a resumption, until the window has let it through. */
  readonly resends: Queue<OutboundMessage>;
  outboundAliases: OutboundAliases;
  readonly inboundAliases: InboundAliases;
  /** Messages in the order they came, until their acknowledgements have left. */
  readonly unacknowledged: { readonly qos1: Queue<Delivery>; readonly qos2: Queue<Delivery> };
  /** Ids of inbound QoS 2 messages that hold a slot of the announced Receive Maximum. */
  readonly slots: SparseSet<number>;
  /** What waits for PINGRESP. */
  readonly pings: Queue<Pending>;
  lastSentAt: number;
  lastReceivedAt: number;
  pingSentAt: number;
  /** Nothing is read, so nothing can arrive. */
  isReadingPaused: boolean;
  /** A re-authentication that is under way. */
  reauthentication: Pending | undefined;
}

/** What a call may wait for; 0 when none does. */
export interface Pending {
  operation: number;
}

/** How to begin a connection. */
export interface ConnectRequest {
  readonly operation: number;
  readonly version: ProtocolVersion;
  readonly cleanStart: boolean;
  /** Not the first connection of this client: what was on its way follows `whenLost`, clean start or not. */
  readonly isContinued?: boolean | undefined;
  readonly keepAliveSeconds: number;
  readonly username?: string | undefined;
  readonly password?: Uint8Array | undefined;
  readonly will?: Will | undefined;
  /** Left out in 3.1.1. */
  readonly properties: ConnectProperties;
}

export function persist(machine: Machine, change: Parameters<Effects['persist']>[0]): void {
  if (machine.options.persists) machine.effects.persist(change);
}

/** Sends, and remembers when, for the keep-alive. */
export function send(machine: Machine, connection: ConnectionState, packet: Packet): void {
  connection.lastSentAt = machine.now;
  machine.effects.send(packet);
}

/** The end of the connection: nothing is sent or taken on it after this. */
export function close(machine: Machine, error: MqttError | undefined): void {
  const { connection } = machine;
  if (connection === undefined) return;
  if (connection.phase === 'closing') return;
  connection.phase = 'closing';
  settlePending(machine, connection, { error: error ?? new ConnectionLostError() });
  machine.effects.close(error);
}

/** Nobody waits any more after this. */
export function settlePending(machine: Machine, pending: Pending, { packet, error }: Outcome): void {
  machine.effects.settle(pending.operation, packet, error);
  pending.operation = 0;
}

/** The connection, if messages may flow on it. */
export function openConnection(machine: Machine): ConnectionState | undefined {
  return machine.connection?.phase === 'connected' ? machine.connection : undefined;
}
