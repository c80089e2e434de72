/**
 * The MQTT session as a pure machine: packets, commands and the time go in, effects come out. It does no I/O and knows
 * no clock; the driver carries out the effects and calls `handleTime` at `nextDeadline`.
 */
import type { MqttError, Packet, PublishPacket } from '@omqtt/codec';
import type { StoredMessage } from '@omqtt/contracts/session-store';
import {
  confirmReauthentication,
  continueAuthentication,
  failAuthentication,
  reauthenticate,
} from './authentication.ts';
import type { EffectBatch } from './effects.ts';
import { undeclare } from './declarations.ts';
import { abandon, cancel, disconnect, type Farewell, loseConnection, withdraw } from './endings.ts';
import { InvalidStateError } from './errors.ts';
import { completeHandshake, connect } from './handshake.ts';
import { acknowledge, type Acknowledgement, type Delivery, hasEnough, passesThrough } from './inbound.ts';
import { forgiveClock, keepAlive, keepAliveDeadline, ping } from './keep-alive.ts';
import { type ConnectRequest, type Machine, openConnection } from './machine.ts';
import { newMachine } from './new-machine.ts';
import { flush, publish, type PublishCommand, restoreMessage } from './outbound.ts';
import { EMPTY_LIST } from './on-demand-list.ts';
import { blame, fail, receive } from './received-packets.ts';
import type { RestoredSession } from './restored-session.ts';
import type { ServerLimits } from './server-limits.ts';
import type { SessionOptions } from './session-options.ts';
import {
  restoreSubscription,
  subscribe,
  type SubscribeCommand,
  unsubscribe,
  type UnsubscribeCommand,
} from './subscriptions.ts';
import { leaveUnread, readOn, wantedAfter } from './unread.ts';
import { expire } from './waiting.ts';

/** How many things wait for something; for diagnostics and back-pressure. */
export interface SessionCounts {
  readonly waitingMessages: number;
  readonly waitingBytes: number;
  readonly inFlight: number;
  readonly packetIds: number;
  readonly sendSlots: number;
  readonly receivedIds: number;
  readonly handled: number;
  readonly exchanges: number;
}

/** What holds on a connection, after both sides have had their say. */
export interface Agreement {
  /** Counts the connections of the session. */
  readonly number: number;
  readonly limits: ServerLimits;
  readonly keepAliveMs: number;
  readonly expirySeconds: number;
}

/** The session of one client, over any number of connections: packets, commands and the time go in, effects come out. */
export class Session {
  readonly #machine: Machine;

  constructor(options: SessionOptions, clientId: string) {
    this.#machine = newMachine(options, clientId);
  }

  /** What is to be done, since the last call. */
  takeEffects(): EffectBatch {
    return this.#machine.effects.take();
  }

  get hasEffects(): boolean {
    return !this.#machine.effects.isEmpty;
  }

  get clientId(): string {
    return this.#machine.state.clientId;
  }

  get isConnected(): boolean {
    return openConnection(this.#machine) !== undefined;
  }

  get agreement(): Agreement | undefined {
    return openConnection(this.#machine);
  }

  get counts(): SessionCounts {
    const { state, connection } = this.#machine;
    return {
      waitingMessages: state.waitingMessages,
      waitingBytes: state.waitingBytes,
      inFlight: state.inFlight.size,
      packetIds: state.packetIds.count,
      sendSlots: connection?.window.used ?? 0,
      receivedIds: state.received.size,
      handled: state.deliveries.size,
      exchanges: state.exchanges.size,
    };
  }

  /** When `handleTime` is wanted next, in milliseconds since 1970; Infinity for never. */
  nextDeadline(): number {
    return Math.min(keepAliveDeadline(this.#machine), this.#machine.state.expiring.next);
  }

  handleTime(now: number): void {
    keepAlive(this.#at(now));
  }

  /** Takes up what a store kept. Only before the first connection. */
  restore(kept: RestoredSession): void {
    const { state } = this.#machine;
    state.exists = kept.exists;
    state.isNew = kept.isNew;
    state.clientId = kept.clientId;
    state.nextSequence = Math.max(state.nextSequence, kept.nextSequence);
    for (const message of kept.messages) restoreMessage(this.#machine, message);
    const after = kept.messages.at(-1)?.sequence;
    if (kept.unread !== undefined && after !== undefined) leaveUnread(this.#machine, { ...kept.unread, after });
    for (const id of kept.inboundIds) state.received.add(id);
    for (const subscription of kept.subscriptions) restoreSubscription(this.#machine, subscription);
  }

  /** The sequence behind which the store should be read now; `undefined` when there is enough to send, or no more. */
  get wantedAfter(): number | undefined {
    return wantedAfter(this.#machine);
  }

  /** Takes up the messages behind `wantedAfter`; none when there are no more. */
  readOn(messages: readonly StoredMessage[], now: number): void {
    const machine = this.#at(now);
    readOn(machine, messages);
    flush(machine);
  }

  connect(request: ConnectRequest, now: number): void {
    if (this.#machine.connection !== undefined) throw new InvalidStateError('there is a connection already');
    connect(this.#at(now), request);
  }

  /** Whether the packet is a message that can be handed on as it is. If not, it has to be received. */
  passesThrough(packet: Packet, now: number): packet is PublishPacket {
    return passesThrough(this.#at(now), packet);
  }

  /** Throws nothing: a packet that may not come ends the connection with the reason. */
  receive(packet: Packet, now: number): void {
    receive(this.#at(now), packet);
  }

  /** What came cannot be read: the peer is told why, and the connection ends. */
  fail(error: MqttError, now: number): void {
    fail(this.#at(now), error);
  }

  /** Throws what cannot be sent. Takes nothing when the queue is full. */
  publish(command: PublishCommand, now: number): 'accepted' | 'full' {
    return publish(this.#at(now), command);
  }

  /** The client has done with a message. False when that does not matter any more. */
  acknowledge(delivery: Delivery, answer: Acknowledgement, now: number): boolean {
    return acknowledge(this.#at(now), delivery, answer);
  }

  subscribe(command: SubscribeCommand, now: number): void {
    subscribe(this.#at(now), command);
  }

  unsubscribe(command: UnsubscribeCommand, now: number): void {
    unsubscribe(this.#at(now), command);
  }

  /** Keeps the filter at the server, and forgets to renew it; with a client that ends only if the session ends, too. */
  undeclare(filter: string, isEnd = false): void {
    if (!isEnd || !this.#machine.state.exists) undeclare(this.#machine, filter);
  }

  ping(operation: number, now: number): void {
    ping(this.#at(now), operation);
  }

  /** Whether reading should rest; ask after each batch. */
  get hasEnough(): boolean {
    return hasEnough(this.#machine);
  }

  /** A message that will come is an answer that somebody waits for, or is so no more: reading does not rest meanwhile. */
  expectAnswer(isExpected: boolean): void {
    this.#machine.state.expected += isExpected ? 1 : -1;
  }

  /** While nothing is read, the answer to a ping is not waited for. */
  pauseReading(isPaused: boolean, now: number): void {
    const { connection } = this.#at(now);
    if (connection === undefined) return;
    connection.isReadingPaused = isPaused;
    if (!isPaused) connection.lastReceivedAt = now;
  }

  continueAuthentication(data: Uint8Array | undefined, now: number): void {
    continueAuthentication(this.#at(now), data);
  }

  /** The proof of the server is sound: the handshake goes on, or the re-authentication has ended. */
  confirmAuthentication(now: number): void {
    const machine = this.#at(now);
    const { connection } = machine;
    if (connection?.phase !== 'verifying') {
      confirmReauthentication(machine);
      return;
    }
    try {
      completeHandshake(machine, connection);
    } catch (error) {
      blame(machine, error);
    }
    const { held } = connection;
    connection.held = EMPTY_LIST;
    for (const packet of held) receive(machine, packet);
  }

  failAuthentication(cause: unknown, now: number): void {
    failAuthentication(this.#at(now), cause);
  }

  reauthenticate(operation: number, data: Uint8Array | undefined, now: number): void {
    reauthenticate(this.#at(now), operation, data);
  }

  disconnect(farewell: Farewell, now: number): void {
    disconnect(this.#at(now), farewell);
  }

  /** The driver found the connection gone, or has ended it. */
  connectionLost(error: MqttError | undefined, now: number): void {
    loseConnection(this.#at(now), error);
  }

  /** Its message was taken, and was not sent yet. */
  isWaiting(operation: number): boolean {
    const { waiting } = this.#machine.state;
    return waiting.find((message) => message.operation === operation && message.stage === 'waiting') !== undefined;
  }

  /** Nobody waits for the operation any more. */
  cancel(operation: number, error: MqttError, now: number): void {
    cancel(this.#at(now), operation, error);
  }

  /** The store did not take these new messages, so they were not sent either: they end with the error. */
  withdraw(sequences: ReadonlySet<number>, error: MqttError, now: number): void {
    withdraw(this.#at(now), sequences, error);
  }

  /**
   * The client gives up, for good or until it connects again: everything that still waits is settled with the error, or
   * with one that says that the message is kept.
   */
  abandon(error: MqttError, now: number, isFinal = true): void {
    abandon(this.#at(now), error, isFinal);
  }

  #at(now: number): Machine {
    if (now < this.#machine.now) forgiveClock(this.#machine, now);
    this.#machine.now = now;
    // Not only when woken: a clock that was set forward leaves a deadline behind that lies in the past, and would hide
    // all others from a timer that was set for it before.
    if (now >= this.#machine.state.expiring.next) expire(this.#machine);
    return this.#machine;
  }
}
