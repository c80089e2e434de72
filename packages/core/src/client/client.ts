/** The client: a session, the driver that moves it, and the calls of the user. */
import type { MqttError } from '@omqtt/codec';
import type { Logger } from '@omqtt/contracts';
import { InvalidStateError, type Notification, Session } from '../session/index.ts';
import { Authenticator } from './authenticator.ts';
import { type ClientCounts, type CountedParts, countsOf } from './client-counts.ts';
import type { ConnectionSnapshot } from './connection-snapshot.ts';
import { Connector } from './connector.ts';
import { Driver } from './driver.ts';
import { type CloseOptions, connectionGone, type DisconnectOptions, drain, farewellOf, inTime } from './ending.ts';
import { AbortedError, ClientClosedError, NotConnectedError } from './errors.ts';
import type { MessageHandler } from './handler.ts';
import { logStatus, safeLogger } from './logging.ts';
import type { Message } from './message.ts';
import { Operations } from './operations.ts';
import type { ClientOptions, ClientWiring } from './options.ts';
import type { Payload } from './payload.ts';
import type { PublishOptions } from './publish-message.ts';
import { type AcceptedMessage, Publishing, type PublishReceipt } from './publishing.ts';
import { Requests, type RequestOptions, type Responder, type RespondOptions } from './requests.ts';
import { resolveOptions, type ResolvedOptions } from './resolve-options.ts';
import { type Status, StatusBoard } from './status.ts';
import { StoredState } from './stored-state.ts';
import type { SubscribeOptions } from './subscribe-options.ts';
import { Subscribing } from './subscribing.ts';
import type { Subscription, SubscriptionEnd } from './subscription.ts';
import { limitWait, type WaitOptions } from './wait-limit.ts';

/** A client that is not connected yet: `connect` begins, and goes on by itself. */
export class Client {
  readonly #options: ResolvedOptions;
  readonly #session: Session;
  readonly #driver: Driver;
  readonly #operations: Operations;
  readonly #status: StatusBoard;
  readonly #store: StoredState;
  readonly #connector: Connector;
  readonly #authenticator: Authenticator;
  readonly #publishing: Publishing;
  readonly #subscribing: Subscribing;
  readonly #requests: Requests;
  readonly #counted: CountedParts;
  readonly #logger: Logger;
  readonly #onAbort = (): void => void this.close();
  /** Why there will be no connection until the next `connect`. */
  #failure: MqttError | undefined;
  #closed: Promise<void> | undefined;

  constructor(wiring: ClientWiring, options: ClientOptions = {}) {
    const resolved = resolveOptions(options);
    const { clock, given } = resolved;
    this.#options = resolved;
    this.#logger = safeLogger(given.logger);
    this.#status = new StatusBoard((error) => this.#logger.error('a status listener failed', { error }));
    this.#status.listen((status) => logStatus(this.#logger, status));
    this.#session = new Session(resolved.session, resolved.clientId);
    this.#driver = new Driver({
      session: this.#session,
      clock,
      store: given.session?.store,
      onPacket: given.onPacket,
      maximumPacketBytes: resolved.maximumPacketBytes,
      events: {
        deliver: (notification) => this.#deliver(notification),
        settle: (settlement) => this.#operations.settle(settlement),
        ended: (error) => {
          this.#authenticator.connectionEnded(error);
          this.#connector.connectionEnded(error);
        },
        idle: () => this.#publishing.wake(),
        report: (what, error) => this.#logger.error(what, { error }),
      },
    });
    const session = this.#session;
    const driver = this.#driver;
    this.#operations = new Operations(clock, (operation, error) => this.#withdraw(operation, error));
    const operations = this.#operations;
    const logger = this.#logger;
    const parts = { session, driver, operations, options: resolved, status: this.#status, logger };
    this.#store = new StoredState({
      options: resolved,
      session,
      opened: () => {
        this.#publishing.storeOpened();
        driver.storeOpened();
      },
    });
    this.#connector = new Connector({
      ...parts,
      wiring,
      prepare: () => this.#store.open(),
      gaveUp: (error) => this.#giveUp(error),
    });
    this.#authenticator = new Authenticator(parts);
    this.#publishing = new Publishing(parts);
    this.#subscribing = new Subscribing(parts);
    this.#requests = new Requests(this, resolved);
    this.#counted = {
      ...parts,
      connector: this.#connector,
      publishing: this.#publishing,
      subscribing: this.#subscribing,
    };
    given.signal?.addEventListener('abort', this.#onAbort, { once: true });
    if (given.signal?.aborted === true) this.#onAbort();
  }

  /**
   * Resolves at the first CONNACK; after that the client stays connected by itself. Rejects as `reconnect` says; when the
   * wait is given up, nothing is tried any more.
   */
  async connect(wait: WaitOptions = {}): Promise<ConnectionSnapshot> {
    if (this.#closed !== undefined) throw new ClientClosedError();
    if (this.#connector.isRunning) throw new InvalidStateError('the client connects already: disconnect first');
    if (wait.signal?.aborted === true) throw new AbortedError('connecting', wait.signal.reason);
    this.#failure = undefined;
    const connected = this.#connector.start();
    const limits = { ...wait, clock: this.#options.clock, what: 'connecting' };
    const stop = limitWait(limits, (error) => this.#connector.stop(error));
    return connected.finally(stop);
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

  /** What is queued, in flight, and waited for, and what there was. */
  get counts(): ClientCounts {
    return countsOf(this.#counted);
  }

  /** Whether one more message can be taken at once. */
  get writable(): boolean {
    return this.#stopped === undefined && this.#publishing.isWritable;
  }

  async drained(wait: WaitOptions = {}): Promise<void> {
    if (this.#stopped !== undefined) throw this.#stopped;
    await this.#publishing.drained(wait);
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
    if (this.#stopped !== undefined) return Promise.reject(this.#stopped);
    this.#store.openFor(this.#publishing);
    return this.#publishing.publish(topic, payload, options);
  }

  /** Resolves when the message is accepted: with a durable store, when it is on disk. The limits end with that. */
  enqueue(topic: string, payload: Payload, options: PublishOptions = {}): Promise<AcceptedMessage> {
    if (this.#stopped !== undefined) return Promise.reject(this.#stopped);
    this.#store.openFor(this.#publishing);
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
    if (this.#stopped !== undefined) throw this.#stopped;
    if (typeof optionsOrHandler === 'function') return this.#subscribing.subscribe(filters, {}, optionsOrHandler);
    return this.#subscribing.subscribe(filters, optionsOrHandler, handler);
  }

  /** Publishes a request and resolves with the answer (5.0). */
  request(topic: string, payload: Payload, options: RequestOptions = {}): Promise<Message> {
    return this.#requests.request(topic, payload, options);
  }

  /** Answers requests with what the function returns (5.0). */
  respond(filter: string, responder: Responder, options: RespondOptions = {}): Subscription {
    return this.#requests.respond(filter, responder, options);
  }

  /** The round trip to the server, in milliseconds. */
  async ping(wait: WaitOptions = {}): Promise<number> {
    if (this.#stopped !== undefined) throw this.#stopped;
    if (!this.isConnected) throw new NotConnectedError('a ping');
    const startedAt = this.#driver.now;
    const send = (operation: number): void => {
      this.#session.ping(operation, startedAt);
      this.#driver.schedule();
    };
    await this.#operations.begin('pinging', send, wait);
    return this.#driver.now - startedAt;
  }

  /** Authenticates again on the live connection (5.0), with the mechanism of `auth`. */
  async reauthenticate(wait: WaitOptions = {}): Promise<void> {
    if (this.#stopped !== undefined) throw this.#stopped;
    await this.#authenticator.reauthenticate(wait);
  }

  /** Says goodbye and ends the connection. The client keeps its subscriptions and its queue, and may connect again. */
  async disconnect(options: DisconnectOptions = {}): Promise<void> {
    const farewell = farewellOf(options, this.#connector.version);
    if (this.isConnected) this.#session.disconnect(farewell, this.#driver.now);
    this.#connector.stop(new AbortedError('connecting', undefined));
    await connectionGone(this.#driver, this.#options.clock);
  }

  /** Ends for good, within its time: everything that waits is settled, everything that is open is closed. */
  close({ drainMs = 0 }: CloseOptions = {}): Promise<void> {
    this.#closed ??= this.#close(drainMs);
    return this.#closed;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** Why nothing can be asked of the client. */
  get #stopped(): MqttError | undefined {
    return this.#closed === undefined ? this.#failure : new ClientClosedError(this.#failure);
  }

  async #close(drainMs: number): Promise<void> {
    const { clock, given } = this.#options;
    const session = this.#session;
    const error = new ClientClosedError();
    const report = (failure: unknown): void => this.#logger.error('the session store failed', { error: failure });
    given.signal?.removeEventListener('abort', this.#onAbort);
    await drain({ session, publishing: this.#publishing, clock }, drainMs);
    if (session.isConnected) session.disconnect({ reasonCode: 0 }, this.#driver.now);
    this.#connector.stop(error);
    await connectionGone(this.#driver, clock);
    this.#settleAll(error, { reason: error });
    // What was wanted last, such as how long the session lives, is for the store too.
    if (this.#store.isOpen) await inTime(this.#driver.done(), clock, report);
    this.#driver.stop();
    await inTime(this.#store.close(), clock, report);
    this.#status.set({ type: 'closed' });
  }

  #withdraw(operation: number, error: MqttError): void {
    this.#publishing.withdraw(operation);
    this.#session.cancel(operation, error, this.#driver.now);
    this.#driver.schedule();
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

  // Nobody will connect any more, so nobody should wait for it.
  #giveUp(error: MqttError): void {
    if (this.#closed !== undefined) return;
    this.#failure = error;
    this.#settleAll(error, { error });
  }

  #settleAll(error: MqttError, how: SubscriptionEnd): void {
    this.#session.abandon(error, this.#driver.now);
    this.#publishing.abandon(error);
    this.#requests.abandon(error);
    this.#subscribing.endAll(how);
    this.#driver.flush();
    this.#operations.settleAll(error);
  }
}
