/** The client: a session, the driver that moves it, and the calls of the user. */
import type { DisconnectProperties, MqttError } from '@omqtt/codec';
import { type Notification, Session, type SessionCounts } from '../session/index.ts';
import { Authenticator } from './authenticator.ts';
import type { ConnectionSnapshot } from './connection-snapshot.ts';
import { Connector } from './connector.ts';
import { Driver } from './driver.ts';
import { ClientClosedError, InvalidOptionError, NotConnectedError } from './errors.ts';
import type { MessageHandler } from './handler.ts';
import type { Message } from './message.ts';
import { needV5 } from './only-in-v5.ts';
import { Operations } from './operations.ts';
import type { ClientOptions, ClientWiring } from './options.ts';
import type { Payload } from './payload.ts';
import { type AcceptedMessage, Publishing, type PublishOptions, type PublishReceipt } from './publishing.ts';
import { Requests, type RequestOptions, type Responder, type RespondOptions } from './requests.ts';
import { resolveOptions, type ResolvedOptions } from './resolve-options.ts';
import { restore } from './restore.ts';
import { type Status, StatusBoard } from './status.ts';
import { Subscribing } from './subscribing.ts';
import type { SubscribeOptions, Subscription } from './subscription.ts';
import type { WaitOptions } from './wait-limit.ts';

export interface DisconnectOptions {
  /** Default: 0x00; 0x04 lets the server publish the will. */
  readonly reasonCode?: number;
  /** How long the server shall keep the session, instead of what was agreed. */
  readonly sessionExpirySeconds?: number;
  readonly properties?: Omit<DisconnectProperties, 'sessionExpirySeconds' | 'serverReference'>;
}

export interface CloseOptions {
  /** How long to wait for what is still on its way. Default: 0. */
  readonly drainMs?: number;
}

export interface ClientCounts extends SessionCounts {
  readonly operations: number;
  /** Messages that no subscription wanted. */
  readonly unrouted: number;
}

/** A client that is not connected yet: `connect` begins, and goes on by itself. */
export class Client {
  readonly #options: ResolvedOptions;
  readonly #session: Session;
  readonly #driver: Driver;
  readonly #operations: Operations;
  readonly #status = new StatusBoard();
  readonly #connector: Connector;
  readonly #authenticator: Authenticator;
  readonly #publishing: Publishing;
  readonly #subscribing: Subscribing;
  readonly #requests: Requests;
  readonly #onAbort = (): void => void this.close();
  #opened: Promise<void> | undefined;
  #closed: Promise<void> | undefined;

  constructor(wiring: ClientWiring, options: ClientOptions = {}) {
    const resolved = resolveOptions(options);
    const { clock } = resolved;
    this.#options = resolved;
    this.#session = new Session(resolved.session, resolved.clientId);
    this.#driver = new Driver({
      session: this.#session,
      clock,
      store: options.session?.store,
      onPacket: options.onPacket,
      maximumPacketBytes: resolved.maximumPacketBytes,
      events: {
        deliver: (notification) => this.#deliver(notification),
        settle: (settlement) => this.#operations.settle(settlement),
        ended: (error) => this.#ended(error),
        idle: () => this.#publishing.wake(),
      },
    });
    const session = this.#session;
    const driver = this.#driver;
    this.#operations = new Operations(clock, (operation, error) => {
      session.cancel(operation, error, driver.now);
      driver.schedule();
    });
    const parts = { session, driver, operations: this.#operations, options: resolved, status: this.#status };
    this.#connector = new Connector({ ...parts, wiring, gaveUp: (error) => this.#giveUp(error) });
    this.#authenticator = new Authenticator(options.auth, session, driver);
    this.#publishing = new Publishing(parts);
    this.#subscribing = new Subscribing({ ...parts, clock, report: (error, message) => this.#report(error, message) });
    this.#requests = new Requests(this, clock);
    options.signal?.addEventListener('abort', this.#onAbort, { once: true });
  }

  /** Resolves at the first CONNACK; after that the client stays connected by itself. Rejects as `reconnect` says. */
  async connect(): Promise<ConnectionSnapshot> {
    if (this.#closed !== undefined) throw new ClientClosedError();
    if (this.#connector.isRunning) throw new InvalidOptionError('connect', 'was called already: disconnect first');
    this.#opened ??= this.#open();
    await this.#opened;
    return this.#connector.start();
  }

  /** The facts of the present connection. */
  get connection(): ConnectionSnapshot | undefined {
    return this.#connector.snapshot;
  }

  get clientId(): string {
    return this.#session.clientId;
  }

  get isConnected(): boolean {
    return this.#session.isConnected;
  }

  /** What is queued, in flight, and waited for. */
  get counts(): ClientCounts {
    return { ...this.#session.counts, operations: this.#operations.size, unrouted: this.#subscribing.unrouted };
  }

  /** Whether one more message can be taken at once. */
  get writable(): boolean {
    return this.#publishing.isWritable;
  }

  drained(wait: WaitOptions = {}): Promise<void> {
    return this.#publishing.drained(wait);
  }

  /** Begins with the present status, and goes on until the client is closed. */
  status(): AsyncIterableIterator<Status> {
    return this.#status.read();
  }

  /** Returns what takes the listener away. */
  on(_event: 'status', listener: (status: Status) => void): () => void {
    return this.#status.listen(listener);
  }

  /**
   * Resolves when the server has the message: at QoS 1 with PUBACK, at QoS 2 with PUBCOMP; at QoS 0 when it is handed to
   * the network. Without a connection, QoS 1 and 2 wait for one.
   */
  publish(topic: string, payload: Payload, options: PublishOptions = {}): Promise<PublishReceipt> {
    if (this.#closed !== undefined) return Promise.reject(new ClientClosedError());
    return this.#publishing.publish(topic, payload, options);
  }

  /** Resolves when the message is accepted: with a durable store, when it is on disk. */
  enqueue(topic: string, payload: Payload, options: PublishOptions = {}): Promise<AcceptedMessage> {
    if (this.#closed !== undefined) return Promise.reject(new ClientClosedError());
    return this.#publishing.enqueue(topic, payload, options);
  }

  /** Works without a connection too: what is subscribed to here is subscribed to at every server session. */
  subscribe(filters: string | readonly string[], options?: SubscribeOptions, handler?: MessageHandler): Subscription;
  subscribe(filters: string | readonly string[], handler: MessageHandler): Subscription;
  subscribe(
    filters: string | readonly string[],
    optionsOrHandler: SubscribeOptions | MessageHandler = {},
    handler?: MessageHandler,
  ): Subscription {
    if (this.#closed !== undefined) throw new ClientClosedError();
    if (typeof optionsOrHandler === 'function') return this.#subscribing.subscribe(filters, {}, optionsOrHandler);
    return this.#subscribing.subscribe(filters, optionsOrHandler, handler);
  }

  /** Publishes a request and resolves with the answer (5.0). */
  async request(topic: string, payload: Payload, options: RequestOptions = {}): Promise<Message> {
    needV5(this.#connector.version, 'a request');
    return this.#requests.request(topic, payload, options);
  }

  /** Answers requests with what the function returns (5.0). */
  respond(filter: string, responder: Responder, options: RespondOptions = {}): Subscription {
    needV5(this.#connector.version, 'a responder');
    return this.#requests.respond(filter, responder, options);
  }

  /** The round trip to the server, in milliseconds. */
  async ping(wait: WaitOptions = {}): Promise<number> {
    if (!this.isConnected) throw new NotConnectedError('a ping');
    const startedAt = this.#driver.now;
    await this.#operations.begin(
      'pinging',
      (operation) => {
        this.#session.ping(operation, startedAt);
        this.#driver.flush();
      },
      wait,
    );
    return this.#driver.now - startedAt;
  }

  /** Authenticates again on the live connection (5.0), with the mechanism of `auth`. */
  async reauthenticate(wait: WaitOptions = {}): Promise<void> {
    needV5(this.#connector.version, 'a new authentication');
    const data = await this.#authenticator.begin(wait.signal ?? new AbortController().signal);
    await this.#operations.begin(
      'authenticating again',
      (operation) => {
        this.#session.reauthenticate(operation, data, this.#driver.now);
        this.#driver.flush();
      },
      wait,
    );
  }

  /** Says goodbye and ends the connection. The client keeps its subscriptions and its queue, and may connect again. */
  async disconnect({ reasonCode = 0, sessionExpirySeconds, properties }: DisconnectOptions = {}): Promise<void> {
    const all = { ...properties, ...(sessionExpirySeconds !== undefined && { sessionExpirySeconds }) };
    if (reasonCode !== 0 || Object.keys(all).length > 0) needV5(this.#connector.version, 'what DISCONNECT says');
    const connection = this.#driver.connection;
    if (this.isConnected) {
      this.#session.disconnect(
        { reasonCode, ...(Object.keys(all).length > 0 && { properties: all }) },
        this.#driver.now,
      );
      this.#driver.flush();
    }
    this.#connector.stop();
    await connection?.close();
  }

  /** Ends for good, within its time: everything that waits is settled, everything that is open is closed. */
  close({ drainMs = 0 }: CloseOptions = {}): Promise<void> {
    this.#closed ??= this.#close(drainMs);
    return this.#closed;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #open(): Promise<void> {
    const { store } = this.#options.given.session ?? {};
    if (store === undefined) return;
    await restore(this.#session, await store.open(this.#options.clientId), this.#options.clientId);
  }

  async #close(drainMs: number): Promise<void> {
    if (drainMs > 0 && this.isConnected) await this.#drain(drainMs);
    const error = new ClientClosedError();
    await this.disconnect();
    this.#session.abandon(error, this.#driver.now);
    this.#driver.flush();
    this.#subscribing.endAll(undefined);
    this.#driver.stop();
    this.#options.given.signal?.removeEventListener('abort', this.#onAbort);
    this.#status.set({ type: 'closed' });
    if (this.#opened !== undefined) await this.#options.given.session?.store?.close();
  }

  async #drain(drainMs: number): Promise<void> {
    const { clock } = this.#options;
    const isIdle = (): boolean => this.#session.counts.waitingMessages + this.#session.counts.inFlight === 0;
    await new Promise<void>((resolve) => {
      const finish = (): void => {
        stopTimer();
        stopListening();
        resolve();
      };
      const stopTimer = clock.wakeAt(clock.now() + drainMs, finish);
      const stopListening = this.#publishing.onIdle(() => {
        if (isIdle() || !this.isConnected) finish();
      });
      this.#driver.schedule();
    });
  }

  #deliver(notification: Notification): void {
    switch (notification.type) {
      case 'message':
        this.#subscribing.deliver(notification.delivery);
        return;
      case 'connected':
        this.#subscribing.connected(notification.connack.sessionPresent);
        return;
      case 'subscription-lost':
        this.#subscribing.lost(notification.filter, notification.reasonCode);
        return;
      default:
        void this.#authenticator.answer(notification);
    }
  }

  #ended(error: MqttError | undefined): void {
    this.#authenticator.connectionEnded();
    this.#connector.connectionEnded(error);
  }

  // Nobody will connect any more, so nobody should wait for it.
  #giveUp(error: MqttError): void {
    this.#session.abandon(error, this.#driver.now);
    this.#driver.flush();
    this.#subscribing.endAll(error);
  }

  #report(error: unknown, message: Message): void {
    this.#options.given.logger?.error('a message handler failed', { topic: message.topic, error });
  }
}
