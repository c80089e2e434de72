/** The client: a session, the driver that moves it, and the calls of the user. */
import type { MqttError } from '@omqtt/codec';
import { InvalidStateError } from '../session/index.ts';
import { CalledBack, type PublishCallback } from './called-back.ts';
import { ClientCore } from './client-core.ts';
import { type ClientCounts, countsOf } from './client-counts.ts';
import type { ConnectionSnapshot } from './connection-snapshot.ts';
import {
  type CloseOptions,
  connectionGone,
  type DisconnectOptions,
  drain,
  drainMsOf,
  farewellOf,
  inTime,
} from './ending.ts';
import { AbortedError, ClientClosedError, InvalidOptionError, NotConnectedError } from './errors.ts';
import type { MessageHandler } from './handler.ts';
import type { Message } from './message.ts';
import { NetworkWatch } from './network-watch.ts';
import type { ClientOptions, ClientWiring } from './options.ts';
import type { Payload } from './payload.ts';
import type { PublishOptions } from './publish-message.ts';
import type { PublishReceipt } from './publish-receipt.ts';
import type { AcceptedMessage } from './publishing.ts';
import { Requests, type RequestOptions, type Responder, type RespondOptions } from './requests.ts';
import type { Status } from './status.ts';
import type { SubscribeOptions } from './subscribe-options.ts';
import type { Subscription, SubscriptionEnd } from './subscription.ts';
import { checkWait, limitWait, type WaitOptions } from './wait-limit.ts';

/** A client that is not connected yet: `connect` begins, and goes on by itself. */
export class Client {
  readonly #core: ClientCore;
  #requests: Requests | undefined;
  readonly #onAbort: (() => void) | undefined;
  /** Why there will be no connection until the next `connect`. */
  #failure: MqttError | undefined;
  #closed: Promise<void> | undefined;
  #network: NetworkWatch | undefined;

  constructor(wiring: ClientWiring, options: ClientOptions = {}) {
    this.#core = new ClientCore(wiring, options, (error) => this.#giveUp(error));
    const { signal } = options;
    if (signal === undefined) return;
    this.#onAbort = () => void this.close();
    signal.addEventListener('abort', this.#onAbort, { once: true });
    if (signal.aborted) this.#onAbort();
  }

  /**
   * Resolves at the first CONNACK; after that the client stays connected by itself. Rejects as `reconnect` says; when the
   * wait is given up, nothing is tried any more.
   */
  async connect(wait: WaitOptions = {}): Promise<ConnectionSnapshot> {
    checkWait(wait);
    if (this.#closed !== undefined) throw new ClientClosedError();
    if (this.#core.connector.isRunning) throw new InvalidStateError('the client connects already: disconnect first');
    if (wait.signal?.aborted === true) throw new AbortedError('connecting', wait.signal.reason);
    this.#failure = undefined;
    if (this.#core.wiring.watchNetwork !== undefined) this.#network ??= new NetworkWatch(this.#core);
    const connected = this.#core.connector.start();
    const limits = { ...wait, clock: this.#core.options.clock, what: 'connecting' };
    const stop = limitWait(limits, (error) => this.#core.connector.stop(error));
    return connected.finally(stop);
  }

  /** The facts of the present connection. */
  get connection(): ConnectionSnapshot | undefined {
    return this.#core.connector.snapshot;
  }

  get clientId(): string {
    return this.#core.session.clientId;
  }

  get isConnected(): boolean {
    return this.#core.session.isConnected;
  }

  /** What is queued, in flight, and waited for, and what there was. */
  get counts(): ClientCounts {
    return countsOf(this.#core);
  }

  /** Whether one more message can be taken at once. */
  get writable(): boolean {
    return this.#stopped === undefined && this.#core.publishing.isWritable;
  }

  async drained(wait: WaitOptions = {}): Promise<void> {
    if (this.#stopped !== undefined) throw this.#stopped;
    await this.#core.publishing.drained(checkWait(wait));
  }

  /** Begins with the present status, and goes on until the client is closed. */
  status(): AsyncIterableIterator<Status> {
    return this.#core.status.read();
  }

  /** Returns what takes the listener away. */
  on(event: 'status', listener: (status: Status) => void): () => void {
    if (event !== 'status') throw new InvalidOptionError('event', 'is `status`; messages come by `subscribe`');
    return this.#core.status.listen(listener);
  }

  /**
   * Resolves when the server has the message: at QoS 1 with PUBACK, at QoS 2 with PUBCOMP; at QoS 0 when it is handed to
   * the network. Without a connection, QoS 1 and 2 wait for one. The bytes of the payload are not copied before they are
   * sent: leave them as they are until then. A callback in place of the promise makes QoS 1 and 2 cheaper.
   */
  publish(topic: string, payload: Payload, callback: PublishCallback): void;
  // oxlint-disable-next-line max-params -- as those who know callbacks write it
  publish(topic: string, payload: Payload, options: PublishOptions, callback: PublishCallback): void;
  publish(topic: string, payload: Payload, options?: PublishOptions): Promise<PublishReceipt>;
  // oxlint-disable-next-line max-params -- as above
  publish(
    topic: string,
    payload: Payload,
    options: PublishOptions | PublishCallback = {},
    callback?: PublishCallback,
  ): Promise<PublishReceipt> | void {
    if (typeof options === 'function') return this.publish(topic, payload, {}, options);
    const stopped = this.#stopped;
    if (stopped === undefined) this.#core.store?.openFor(this.#core.publishing);
    if (callback === undefined) {
      return stopped === undefined ? this.#core.publishing.publish(topic, payload, options) : Promise.reject(stopped);
    }
    const publisher = new CalledBack(callback, this.#core.logger);
    if (stopped === undefined) this.#core.publishing.tell(topic, payload, options, publisher);
    else publisher.reject(stopped);
  }

  /** Resolves when the message is accepted: with a durable store, when it is on disk. The limits end with that. */
  enqueue(topic: string, payload: Payload, options: PublishOptions = {}): Promise<AcceptedMessage> {
    if (this.#stopped !== undefined) return Promise.reject(this.#stopped);
    this.#core.store?.openFor(this.#core.publishing);
    return this.#core.publishing.enqueue(topic, payload, options);
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
    if (typeof optionsOrHandler === 'function') return this.#core.subscribing.subscribe(filters, {}, optionsOrHandler);
    return this.#core.subscribing.subscribe(filters, optionsOrHandler, handler);
  }

  /** Publishes a request and resolves with the answer (5.0). */
  request(topic: string, payload: Payload, options: RequestOptions = {}): Promise<Message> {
    if (this.#stopped !== undefined) return Promise.reject(this.#stopped);
    return this.#asker.request(topic, payload, options);
  }

  /** Answers requests with what the function returns (5.0). */
  respond(filter: string, responder: Responder, options: RespondOptions = {}): Subscription {
    return this.#asker.respond(filter, responder, options);
  }

  /** The round trip to the server, in milliseconds. */
  async ping(wait: WaitOptions = {}): Promise<number> {
    if (this.#stopped !== undefined) throw this.#stopped;
    if (!this.isConnected) throw new NotConnectedError('a ping');
    const startedAt = this.#core.driver.now;
    const send = (operation: number): void => {
      this.#core.session.ping(operation, startedAt);
      this.#core.driver.schedule();
    };
    await this.#core.operations.begin('pinging', send, checkWait(wait));
    return this.#core.driver.now - startedAt;
  }

  /** Authenticates again on the live connection (5.0), with the mechanism of `auth`. */
  async reauthenticate(wait: WaitOptions = {}): Promise<void> {
    if (this.#stopped !== undefined) throw this.#stopped;
    await this.#core.authenticator.reauthenticate(checkWait(wait));
  }

  /** Says goodbye and ends the connection. The client keeps its subscriptions and its queue, and may connect again. */
  async disconnect(options: DisconnectOptions = {}): Promise<void> {
    const farewell = farewellOf(options, this.#core.connector.version);
    this.#ignoreNetwork();
    if (this.isConnected) this.#core.session.disconnect(farewell, this.#core.driver.now);
    this.#core.connector.stop(new AbortedError('connecting', undefined));
    await connectionGone(this.#core.driver, this.#core.options.clock);
  }

  /** Ends for good, within its time: everything that waits is settled, everything that is open is closed. */
  close(options: CloseOptions = {}): Promise<void> {
    const drainMs = drainMsOf(options);
    this.#closed ??= this.#close(drainMs);
    return this.#closed;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  get #asker(): Requests {
    const { options, session, driver } = this.#core;
    this.#requests ??= new Requests(this, options, (isExpected) => {
      session.expectAnswer(isExpected);
      driver.schedule();
    });
    return this.#requests;
  }

  /** Why nothing can be asked of the client. */
  get #stopped(): MqttError | undefined {
    return this.#closed === undefined ? this.#failure : new ClientClosedError(this.#failure);
  }

  async #close(drainMs: number): Promise<void> {
    const { clock, given } = this.#core.options;
    const session = this.#core.session;
    const error = new ClientClosedError();
    this.#ignoreNetwork();
    const report = (failure: unknown): void => this.#core.logger.error('the session store failed', { error: failure });
    if (this.#onAbort !== undefined) given.signal?.removeEventListener('abort', this.#onAbort);
    await drain({ session, publishing: this.#core.publishing, clock }, drainMs);
    if (session.isConnected) session.disconnect({ reasonCode: 0 }, this.#core.driver.now);
    this.#core.connector.stop(error);
    await connectionGone(this.#core.driver, clock);
    this.#settleAll(error, { reason: error });
    // What was wanted last, such as how long the session lives, is for the store too.
    if (this.#core.store?.isOpen ?? true) await inTime(this.#core.driver.done(), clock, report);
    this.#core.driver.stop();
    if (this.#core.store !== undefined) await inTime(this.#core.store.close(), clock, report);
    this.#core.status.set({ type: 'closed' });
  }

  // Nobody will connect any more, so nobody should wait for it.
  #giveUp(error: MqttError): void {
    if (this.#closed !== undefined) return;
    this.#failure = error;
    this.#ignoreNetwork();
    this.#settleAll(error, { error });
  }

  #ignoreNetwork(): void {
    this.#network?.stop();
    this.#network = undefined;
  }

  #settleAll(error: MqttError, how: SubscriptionEnd): void {
    this.#core.session.abandon(error, this.#core.driver.now, this.#closed !== undefined);
    this.#core.publishing.abandon(error);
    this.#requests?.abandon(error);
    this.#core.subscribing.endAll(how, this.#closed !== undefined);
    this.#core.driver.flush();
    this.#core.operations.settleAll(error);
  }
}
