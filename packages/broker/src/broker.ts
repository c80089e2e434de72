/** The broker as the program that runs it sees it: to start and end, to look into, and to disturb. */
import { encode, type PublishProperties, type QoS } from '@omqtt/codec';
import type { Dial } from '@omqtt/contracts';
import { BrokerClosedError } from './broker-errors.ts';
import { changeLimits, type BrokerLimits } from './broker-limits.ts';
import type { ResolvedOptions } from './broker-options.ts';
import type { Counters } from './counters.ts';
import { distribute } from './distribution.ts';
import { Engine } from './engine.ts';
import type { Faults, RefuseOptions } from './faults.ts';
import * as inspection from './inspection.ts';
import type { Listener, ListenerOptions } from './listeners/listener.ts';
import { listenTcp } from './listeners/tcp.ts';
import { listenWebSocket } from './listeners/websocket.ts';
import { memoryDial } from './memory-dial.ts';
import { Message, type MessageFacts } from './message.ts';
import { withNote, type Refusal } from './refusal.ts';
import { retain } from './retaining.ts';
import { dropSession } from './session-life.ts';
import { publishSysTopics } from './sys-topics.ts';

export interface BrokerMessage {
  readonly topic: string;
  /** A text is sent as UTF-8. Default: empty. */
  readonly payload?: string | Uint8Array;
  /** Default: 0. */
  readonly qos?: QoS;
  /** Default: false. */
  readonly retain?: boolean;
  readonly properties?: Omit<PublishProperties, 'topicAlias' | 'subscriptionIdentifiers'>;
}

export interface RedirectOptions {
  /** Such as `other.example:1883`. */
  readonly serverReference: string;
  /** 0x9C: for now; 0x9D: for good. Default: 0x9C. */
  readonly reasonCode?: 0x9c | 0x9d;
  /** How many of the next CONNECTs. Default: `Infinity`, until `faults.clear()`. */
  readonly times?: number;
}

export interface GoAwayOptions {
  /** Whether sessions and retained messages are there again after `comeBack`. Default: true. */
  readonly keepSessions?: boolean;
}

export class Broker {
  readonly #engine: Engine;
  #listeners: readonly Listener[] = [];
  #stopSysTopics: (() => void) | undefined;
  #isClosed = false;

  constructor(options: ResolvedOptions) {
    this.#engine = new Engine(options);
    this.#engine.isAway = true;
  }

  /** The address of the first listener; empty when there is none. */
  get url(): string {
    return this.#listeners[0]?.url ?? '';
  }

  /** The address of the first listener of each scheme. */
  get urls(): { readonly [Scheme in Listener['scheme']]?: string } {
    return Object.fromEntries(this.#listeners.toReversed().map(({ scheme, url }) => [scheme, url]));
  }

  /** The transport for clients in the same process; the target does not matter. */
  readonly dial: Dial = memoryDial(
    (server) => this.#engine.accept(server),
    () => this.#engine.isAway,
  );

  get limits(): BrokerLimits {
    return this.#engine.limits;
  }

  /** What is sent late or never. */
  get faults(): Faults {
    return this.#engine.faults;
  }

  get counters(): Readonly<Counters> {
    return { ...this.#engine.counters };
  }

  /** Those that are connected. */
  get clients(): readonly inspection.ClientView[] {
    return inspection.viewClients(this.#engine);
  }

  get sessions(): readonly inspection.SessionView[] {
    return inspection.viewSessions(this.#engine);
  }

  get subscriptions(): readonly inspection.SubscriptionView[] {
    return inspection.viewSubscriptions(this.#engine);
  }

  /** What clients have retained; the `$SYS` topics are not in here. */
  get retained(): readonly inspection.RetainedView[] {
    return inspection.viewRetained(this.#engine);
  }

  /**
   * As if a client had published it. Resolves when the subscribers can take the next one; rejects with the
   * `InvalidPacketError` of the codec when it cannot be sent.
   */
  async publish({ payload = '', qos = 0, retain: isRetained = false, ...rest }: BrokerMessage): Promise<void> {
    const engine = this.#engine;
    const facts = {
      topic: rest.topic,
      payload: typeof payload === 'string' ? new TextEncoder().encode(payload) : payload.slice(),
      qos,
      retain: isRetained,
      properties: rest.properties,
    };
    checkMessage(facts);
    const message = new Message({ ...facts, receivedAt: engine.clock.now() });
    retain(engine, message);
    const { slowest } = distribute(engine, message);
    if (slowest) await new Promise<void>((resolve) => slowest.relief.wait(resolve));
  }

  /** The next requests of a kind are answered with a reason code. */
  refuse(options: RefuseOptions): void {
    this.#engine.faults.refuse(options);
  }

  /** Who comes next is told to go elsewhere. */
  redirect({ serverReference, reasonCode = 0x9c, times = Infinity }: RedirectOptions): void {
    this.#engine.faults.refuse({ packet: 'connect', reasonCode, serverReference, times });
  }

  /** Ends connections as a lost network would: without a word, so that wills are published. All when none is named. */
  cut(clientId?: string): void {
    for (const connection of this.#engine.connections) {
      if (clientId === undefined || connection.clientId === clientId) connection.destroy();
    }
  }

  /** Says goodbye to a client. Default: 0x98, an administrative action. */
  disconnect(clientId: string, { reasonCode = 0x98, ...note }: Partial<Refusal> = {}): void {
    this.#engine.sessions.get(clientId)?.connection?.end(reasonCode, withNote(note).properties);
  }

  /** Nothing is read and nothing is sent, but connections stay open and new ones are accepted. */
  pause(): void {
    this.#engine.isPaused = true;
    for (const { transport } of this.#engine.connections) transport.pause();
  }

  resume(): void {
    this.#engine.isPaused = false;
    for (const connection of this.#engine.connections) connection.resumeReading();
  }

  /** What clients are told in CONNACK holds for those that connect from now on; the rest holds at once. */
  setLimits(changes: Partial<BrokerLimits>): void {
    this.#engine.limits = changeLimits(changes, this.#engine.limits);
  }

  /** Says goodbye to everyone (0x8B) and lets nobody in, until `comeBack`. */
  async goAway({ keepSessions = true }: GoAwayOptions = {}): Promise<void> {
    const engine = this.#engine;
    engine.isAway = true;
    engine.isPaused = false;
    this.#stopSysTopics?.();
    this.#stopSysTopics = undefined;
    for (const connection of engine.connections) connection.end(0x8b);
    await Promise.all([...this.#listeners.map((listener) => listener.close()), ...this.#ends()]);
    if (keepSessions) return;
    for (const session of engine.sessions.values()) dropSession(engine, session);
    engine.retained.clear();
  }

  /** Listens again where it did. */
  async comeBack(): Promise<void> {
    if (this.#isClosed) throw new BrokerClosedError();
    const engine = this.#engine;
    if (!engine.isAway) return;
    const opened: Listener[] = [];
    try {
      for (const [index, options] of engine.options.listeners.entries()) {
        opened.push(await this.#listen({ ...options, port: this.#listeners[index]?.port ?? options.port ?? 0 }));
      }
    } catch (error) {
      await Promise.all(opened.map((listener) => listener.close()));
      throw error;
    }
    this.#listeners = opened;
    engine.isAway = false;
    const { sysIntervalSeconds } = engine.options;
    if (sysIntervalSeconds > 0) this.#stopSysTopics = publishSysTopics(engine, sysIntervalSeconds);
  }

  /** Ends everything and forgets everything. Always resolves. */
  async close(): Promise<void> {
    this.#isClosed = true;
    if (!this.#engine.isAway) await this.goAway({ keepSessions: false });
    for (const session of this.#engine.sessions.values()) dropSession(this.#engine, session);
    this.#engine.faults.clear();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #listen(options: ListenerOptions): Promise<Listener> {
    const engine = this.#engine;
    const accept = engine.accept.bind(engine);
    if (options.type === 'tcp' || options.type === 'tls') return listenTcp(options, accept);
    return listenWebSocket(options, accept, () => engine.limits.maximumPacketBytes);
  }

  /** The transports end by themselves, in a time that each of them bounds. */
  #ends(): Promise<void>[] {
    return [...this.#engine.connections].map((connection) => connection.transport.close());
  }
}

/** Found now, it is the caller's mistake; found later, it would be that of each subscriber. */
function checkMessage({ properties, ...facts }: Omit<MessageFacts, 'receivedAt'>): void {
  const packet = { ...facts, type: 'publish', dup: false, ...(properties && { properties }) } as const;
  encode(facts.qos > 0 ? { ...packet, packetId: 1 } : packet, '5.0', { role: 'client' });
}
