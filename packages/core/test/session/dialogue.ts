/**
 * A session in a dialogue with a server: what is given and what happens are calls, what comes of it is asked for.
 *
 * It carries out effects as a driver would, and watches in every test what must always hold: an operation settles once;
 * every packet can be encoded; nothing leaves on a connection after its end; and the server's Receive Maximum is kept.
 */
import {
  type ConnackProperties,
  encode,
  MqttError,
  type Packet,
  type ProtocolVersion,
  type PublishProperties,
  type QoS,
  type SubscriptionRequest,
} from '@omqtt/codec';
import type { StoreChange } from '@omqtt/contracts/session-store';
import type {
  Acknowledgement,
  AliasPolicy,
  CloseEffect,
  ConnectRequest,
  Delivery,
  Farewell,
  Notification,
  Session,
  Settlement,
} from '../../src/session/index.ts';
import { type NewSession, newSession } from './new-session.ts';
import { inWords, nothing } from './packets.ts';
import { SlotWatch } from './slot-watch.ts';

export interface Opening extends Partial<Omit<ConnectRequest, 'operation' | 'properties'>> {
  /** Of CONNECT; by default the session expires after an hour. */
  readonly request?: ConnectRequest['properties'];
  /** Of CONNACK. */
  readonly properties?: ConnackProperties;
  readonly sessionPresent?: boolean;
}

export interface Message {
  readonly qos?: QoS;
  readonly payload?: Uint8Array;
  readonly retain?: boolean;
  readonly properties?: PublishProperties;
  readonly alias?: AliasPolicy;
}

/** When every dialogue begins. */
export const START = 1_000_000;

export class Dialogue {
  readonly session: Session;
  now = START;
  #version: ProtocolVersion = '5.0';
  #operations = 0;
  #sent: Packet[] = [];
  #persisted: StoreChange[] = [];
  #notifications: Notification[] = [];
  readonly #settlements = new Map<number, Settlement>();
  #closed: CloseEffect | undefined;
  #isOver = true;
  readonly #slots = new SlotWatch();

  constructor(session: Session) {
    this.session = session;
  }

  /** CONNECT leaves; the answer is up to the test. */
  connect({
    request = { sessionExpirySeconds: 3600 },
    properties: _,
    sessionPresent: __,
    ...facts
  }: Opening = {}): number {
    const operation = this.operation();
    this.#version = facts.version ?? '5.0';
    this.#isOver = false;
    this.session.connect(
      {
        operation,
        version: '5.0',
        cleanStart: false,
        keepAliveSeconds: 0,
        properties: this.#version === '5.0' ? request : {},
        ...facts,
      },
      this.now,
    );
    this.#collect();
    return operation;
  }

  /** CONNECT leaves, and CONNACK comes. What was sent until then is forgotten, but for what CONNACK released. */
  connected(opening: Opening = {}): this {
    this.connect(opening);
    this.sent();
    const { properties, sessionPresent = false } = opening;
    this.receive({ type: 'connack', reasonCode: 0, sessionPresent, ...(properties && { properties }) });
    return this;
  }

  /** The network connection is gone. */
  lost(error?: MqttError): this {
    this.session.connectionLost(error, this.now);
    this.#isOver = true;
    this.#collect();
    return this;
  }

  /** The connection is lost, and the next one resumes the session. */
  resumed(opening: Opening = {}): this {
    return this.lost().connected({ sessionPresent: true, ...opening });
  }

  receive(...packets: readonly Packet[]): this {
    for (const packet of packets) {
      if (packet.type === 'connack') this.#slots.begin(packet);
      this.#slots.received(packet);
      this.session.receive(packet, this.now);
      this.#collect();
    }
    return this;
  }

  /** Time passes, and the session is woken at its deadlines. */
  pass(ms: number): this {
    const end = this.now + ms;
    for (let wakes = 0; this.session.nextDeadline() <= end; wakes += 1) {
      if (wakes > 10_000) throw new Error('the session wants to be woken again and again');
      this.now = Math.max(this.now, this.session.nextDeadline());
      this.session.handleTime(this.now);
      this.#collect();
    }
    this.now = end;
    return this;
  }

  /** The clock is set, and the timer fires once. */
  jumpTo(now: number): this {
    this.now = now;
    this.session.handleTime(now);
    this.#collect();
    return this;
  }

  /** Publishes at QoS 1, unless said otherwise. */
  publish(
    topic: string,
    { qos = 1, payload = nothing, retain = false, properties, alias = 'never' }: Message = {},
  ): number {
    const operation = this.operation();
    const taken = this.session.publish({ operation, topic, payload, qos, retain, properties, alias }, this.now);
    this.#collect();
    if (taken === 'full') throw new Error('the queue is full');
    return operation;
  }

  subscribe(...filters: readonly (string | SubscriptionRequest)[]): number {
    const subscriptions = filters.map(subscription);
    return this.act((operation) => this.session.subscribe({ operation, subscriptions }, this.now));
  }

  unsubscribe(...filters: readonly string[]): number {
    return this.act((operation) => this.session.unsubscribe({ operation, filters }, this.now));
  }

  ping(): number {
    return this.act((operation) => this.session.ping(operation, this.now));
  }

  cancel(operation: number, error: MqttError = new GivenUp()): void {
    this.act(() => this.session.cancel(operation, error, this.now));
  }

  disconnect(farewell: Farewell = { reasonCode: 0 }): void {
    this.act(() => this.session.disconnect(farewell, this.now));
  }

  acknowledge(delivery: Delivery | undefined, answer: Acknowledgement = {}): boolean {
    if (delivery === undefined) throw new Error('there is nothing to acknowledge');
    const matters = this.session.acknowledge(delivery, answer, this.now);
    this.#collect();
    return matters;
  }

  /** Any other call of the session. */
  act(call: (operation: number) => void): number {
    const operation = this.operation();
    call(operation);
    this.#collect();
    return operation;
  }

  operation(): number {
    this.#operations += 1;
    return this.#operations;
  }

  /** The packets since last asked. */
  sent(): readonly Packet[] {
    const sent = this.#sent;
    this.#sent = [];
    return sent;
  }

  /** The packets since last asked, as `inWords` has them. */
  said(): readonly string[] {
    return this.sent().map(inWords);
  }

  /** How the operation ended, if it has. */
  settled(operation: number): Settlement | undefined {
    return this.#settlements.get(operation);
  }

  /** The code of the error that the operation ended with, `ok`, or `pending`. */
  outcome(operation: number): string {
    const settlement = this.#settlements.get(operation);
    if (settlement === undefined) return 'pending';
    return settlement.error?.code ?? 'ok';
  }

  /** The messages since last asked. */
  delivered(): readonly Delivery[] {
    const deliveries: Delivery[] = [];
    const others: Notification[] = [];
    for (const notification of this.#notifications) {
      if (notification.type === 'message') deliveries.push(notification);
      else others.push(notification);
    }
    this.#notifications = others;
    return deliveries;
  }

  /** Everything but messages that the client was told since last asked. */
  told(): readonly Notification[] {
    const others = this.#notifications.filter(({ type }) => type !== 'message');
    this.#notifications = this.#notifications.filter(({ type }) => type === 'message');
    return others;
  }

  persisted(): readonly StoreChange[] {
    const persisted = this.#persisted;
    this.#persisted = [];
    return persisted;
  }

  /** Why the connection was ended since last asked; `undefined` when it was not. */
  closed(): CloseEffect | undefined {
    const closed = this.#closed;
    this.#closed = undefined;
    return closed;
  }

  /** The code of the error that the connection was ended with; `open` when it was not. */
  ending(): string {
    const closed = this.closed();
    return closed === undefined ? 'open' : (closed.error?.code ?? 'in order');
  }

  #collect(): void {
    const { persist, send, deliver, settle, close } = this.session.takeEffects();
    for (const packet of send) this.#check(packet);
    this.#persisted.push(...persist);
    this.#notifications.push(...deliver);
    for (const settlement of settle) {
      const { operation } = settlement;
      if (this.#settlements.has(operation)) throw new Error(`operation ${operation} was settled twice`);
      this.#settlements.set(operation, settlement);
    }
    if (close === undefined) return;
    if (this.#isOver) throw new Error('a connection was ended twice');
    this.#isOver = true;
    this.#closed = close;
  }

  #check(packet: Packet): void {
    if (this.#isOver) throw new Error(`${inWords(packet)} was sent without a connection`);
    encode(packet, this.#version, { role: 'client' });
    this.#slots.sent(packet);
    this.#sent.push(packet);
  }
}

function subscription(filter: string | SubscriptionRequest): SubscriptionRequest {
  if (typeof filter !== 'string') return filter;
  return { filter, qos: 2, noLocal: false, retainAsPublished: false, retainHandling: 0 };
}

/** What operations and connections are ended with by tests. */
export class GivenUp extends MqttError {
  override readonly code = 'given-up';
}

/** A dialogue with a new session, on no connection. */
export function dialogue(facts: NewSession = {}): Dialogue {
  return new Dialogue(newSession(facts));
}
