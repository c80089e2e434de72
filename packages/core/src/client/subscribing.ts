/** Subscribing and unsubscribing, and where messages go. */
import {
  isFailure,
  type MqttError,
  type Packet,
  type ProtocolVersion,
  type PublishPacket,
  reasonName,
} from '@omqtt/codec';
import type { Logger } from '@omqtt/contracts';
import { type Acknowledgement, type Delivery, type Session, SubscribeError } from '../session/index.ts';
import type { Driver } from './driver.ts';
import { UndeclaredMessagesError } from './errors.ts';
import { filterForms } from './filter-forms.ts';
import { type MessageHandler, runHandler } from './handler.ts';
import { jointly, Message } from './message.ts';
import type { Operations } from './operations.ts';
import { Replay } from './replay.ts';
import type { ResolvedOptions } from './resolve-options.ts';
import { Routing } from './routing.ts';
import {
  asksTheSame,
  checkSubscription,
  renewalOf,
  type SubscribeOptions,
  type SubscriptionWish,
} from './subscribe-options.ts';
import { type Grant, Subscription, type SubscriptionEnd } from './subscription.ts';
import type { WaitOptions } from './wait-limit.ts';

export interface SubscribingParts {
  readonly session: Session;
  readonly driver: Driver;
  readonly operations: Operations;
  readonly options: ResolvedOptions;
  readonly logger: Logger;
  readonly connector: { readonly version: ProtocolVersion };
}

export class Subscribing {
  readonly #parts: SubscribingParts;
  readonly #routing: Routing;
  #replay: Replay | undefined;
  #unrouted = 0;
  /** Of subscriptions that have ended. */
  #dropped = 0;

  /** One for all messages. */
  readonly #acknowledge = (delivery: Delivery, answer: Acknowledgement): boolean => {
    const { session, driver } = this.#parts;
    const matters = session.acknowledge(delivery, answer, driver.turn);
    driver.schedule();
    return matters;
  };

  constructor(parts: SubscribingParts) {
    this.#parts = parts;
    this.#routing = new Routing(parts.options.filterPrefixes);
  }

  /** Messages that no subscription wanted. */
  get unrouted(): number {
    return this.#unrouted;
  }

  /** Messages that wait for their subscription to be declared. */
  get held(): number {
    return this.#replay?.size ?? 0;
  }

  /** Messages that found the buffer of their subscription full. */
  get dropped(): number {
    let dropped = this.#dropped;
    for (const subscription of this.#routing.subscriptions) dropped += subscription.dropped;
    return dropped;
  }

  subscribe(filters: string | readonly string[], options: SubscribeOptions, handler?: MessageHandler): Subscription {
    const { logger } = this.#parts;
    const { clock, isV5 } = this.#parts.options;
    const wish = checkSubscription(filters, options, isV5);
    const subscription: Subscription = new Subscription({
      filters: wish.filters,
      options,
      clock,
      ready: this.#request(wish, options, () => subscription),
      unsubscribe: (ended, wait) => this.#unsubscribe(ended, wait),
      detach: (ended) => this.#detach(ended),
      dispose: (ended) => this.#dispose(ended),
    });
    // Whoever does not look at `ready` finds out by the end of the subscription.
    subscription.ready.catch(doNothing);
    // Before SUBSCRIBE leaves: the server may send the first message before SUBACK.
    this.#routing.add(subscription);
    if (handler !== undefined) {
      runHandler(subscription, handler, (error, { topic }) => {
        logger.error('a message handler failed', { topic, error });
      });
    }
    this.#replay?.declare(this.#formsOf(wish.filters), (delivery) => this.#offer(delivery));
    return subscription;
  }

  /** A message at QoS 0 for whoever wants it. */
  handOn(message: PublishPacket): void {
    const recipients = this.#routing.recipients(message);
    if (recipients.length === 0) this.#unrouted += 1;
    else for (const recipient of recipients) recipient.offer(new Message(message, undefined, this.#acknowledge));
  }

  /** A message for whoever wants it. */
  deliver(delivery: Delivery): void {
    if (this.#offer(delivery)) return;
    if (this.#replay?.wants(delivery) === true) {
      // Too many: without acknowledgement they stay with the server.
      if (!this.#replay.hold(delivery)) this.#parts.driver.drop(new UndeclaredMessagesError(this.held, false));
      return;
    }
    // [MQTT-4.5.0-2] Acknowledged all the same.
    this.#unrouted += 1;
    this.#acknowledge(delivery, {});
  }

  connected(isResumed: boolean): void {
    if (isResumed) this.#replay ??= this.#newReplay();
    this.#replay?.begin(isResumed);
    for (const subscription of this.#routing.subscriptions) subscription.connected(isResumed);
  }

  /** The server has taken a filter away from this side. */
  lost(filter: string, reasonCode: number): void {
    const error = new SubscribeError(new Map([[filter, reasonCode]]), { reasonCode });
    for (const subscription of this.#routing.subscriptions) {
      if (!this.#routing.filtersOf(subscription).includes(filter)) continue;
      this.#routing.removeFilter(subscription, filter);
      this.#tell(this.#end(subscription, { error, isFinal: true }));
    }
  }

  /** The client has given up or was closed: nothing comes any more. Whoever takes the session up has its filters, too. */
  endAll(how: SubscriptionEnd, isFinal: boolean): void {
    this.#replay?.end();
    for (const subscription of this.#routing.subscriptions) {
      for (const filter of this.#close(subscription, how)) this.#parts.session.undeclare(filter, isFinal);
    }
  }

  #newReplay(): Replay {
    const { options, logger } = this.#parts;
    return new Replay({ options, logger, undeclared: (deliveries) => this.#undeclared(deliveries) });
  }

  #undeclared(deliveries: readonly Delivery[]): void {
    const { session, driver, options, connector } = this.#parts;
    // In 3.1.1 a refusal would be an acknowledgement like any other, and the messages would be gone.
    if (options.given.session?.undeclared === 'refuse' && connector.version === '5.0') {
      for (const delivery of deliveries) this.#acknowledge(delivery, { reasonCode: UNSPECIFIED_ERROR });
      return;
    }
    session.fail(new UndeclaredMessagesError(deliveries.length, true), driver.now);
    driver.schedule();
  }

  #offer(delivery: Delivery): boolean {
    const { message } = delivery;
    const recipients = this.#routing.recipients(message);
    if (recipients.length === 0) return false;
    const open = message.qos === 0 ? undefined : delivery;
    const acknowledge = recipients.length > 1 ? jointly(recipients.length, this.#acknowledge) : this.#acknowledge;
    for (const recipient of recipients) recipient.offer(new Message(message, open, acknowledge));
    return true;
  }

  async #request(
    { filters, subscriptions, identifier, userProperties }: SubscriptionWish,
    wait: WaitOptions,
    self: () => Subscription,
  ): Promise<readonly Grant[]> {
    const { session, driver, operations } = this.#parts;
    try {
      const answer = await operations.begin(
        `subscribing to ${filters.join(', ')}`,
        (operation) => {
          session.subscribe({ operation, subscriptions, identifier, userProperties }, driver.now);
          driver.schedule();
        },
        { timeoutMs: wait.timeoutMs, signal: wait.signal },
      );
      return grantsOf(filters, answer);
    } catch (error) {
      this.#failed(self(), error as MqttError);
      throw error;
    }
  }

  // What the server granted goes on.
  #failed(subscription: Subscription, error: MqttError): void {
    const refused = error instanceof SubscribeError ? error.failures : undefined;
    for (const filter of refused?.keys() ?? []) {
      const successor = this.#routing.successor(subscription, filter);
      this.#routing.removeFilter(subscription, filter);
      // The session has forgotten the filter with the refusal.
      if (successor !== undefined) this.#renew(successor, filter);
    }
    if (refused !== undefined && this.#routing.filtersOf(subscription).length > 0) return;
    const orphans = this.#end(subscription, { error, isFinal: true });
    // SUBSCRIBE may still be on its way; what the server or the session refused needs no taking back.
    if (error.code === 'timed-out' || error.code === 'aborted') this.#tell(orphans);
  }

  async #unsubscribe(subscription: Subscription, wait: WaitOptions): Promise<void> {
    const { session, driver, operations } = this.#parts;
    const filters = this.#end(subscription, { isFinal: true });
    if (filters.length === 0) return;
    await operations.begin(
      `unsubscribing from ${filters.join(', ')}`,
      (operation) => {
        session.unsubscribe({ operation, filters }, driver.now);
        driver.schedule();
      },
      wait,
    );
  }

  #formsOf(filters: readonly string[]): readonly string[] {
    return filters.flatMap((filter) => filterForms(filter, this.#parts.options.filterPrefixes));
  }

  async #dispose(subscription: Subscription): Promise<void> {
    const isDone = this.#unsubscribe(subscription, {}).catch(doNothing);
    if (this.#parts.session.isConnected) await isDone;
  }

  #detach(subscription: Subscription): void {
    const filters = this.#end(subscription, {});
    (this.#replay ??= this.#newReplay()).detach(this.#formsOf(filters));
    for (const filter of filters) this.#parts.session.undeclare(filter);
  }

  /** Returns the filters that nobody wants now. */
  #end(subscription: Subscription, how: SubscriptionEnd): readonly string[] {
    const successors = this.#routing.filtersOf(subscription).map((filter) => {
      return { filter, successor: this.#routing.successor(subscription, filter) };
    });
    const orphans = this.#close(subscription, how);
    for (const { filter, successor } of successors) {
      if (successor === undefined || asksTheSame(successor.options, subscription.options)) continue;
      this.#renew(successor, filter);
    }
    return orphans;
  }

  #close(subscription: Subscription, how: SubscriptionEnd): readonly string[] {
    if (!subscription.isEnded) this.#dropped += subscription.dropped;
    const orphans = this.#routing.remove(subscription);
    subscription.end(how);
    return orphans;
  }

  /** The server goes by what it was asked last, so the options of who has left would stay in force. */
  #renew({ options }: Subscription, filter: string): void {
    const { session, driver } = this.#parts;
    const request = renewalOf(filter, options, this.#parts.options.isV5);
    try {
      session.subscribe({ operation: 0, subscriptions: [request], identifier: options.identifier }, driver.now);
      driver.schedule();
    } catch (error) {
      // This connection does not allow it.
      this.lost(filter, (error as MqttError).reasonCode ?? 0x80);
    }
  }

  /** Takes filters away at the server, and nobody waits for it. */
  #tell(filters: readonly string[]): void {
    const { session, driver } = this.#parts;
    if (filters.length === 0) return;
    session.unsubscribe({ operation: 0, filters }, driver.now);
    driver.schedule();
  }
}

const UNSPECIFIED_ERROR = 0x80;

function grantsOf(filters: readonly string[], answer: Packet | undefined): readonly Grant[] {
  const codes = answer?.type === 'suback' ? answer.reasonCodes : [];
  const failures = new Map(
    filters.map((filter, index) => [filter, codes[index] ?? 0] as const).filter(([, code]) => isFailure(code)),
  );
  if (failures.size > 0 && answer?.type === 'suback') {
    const [reasonCode = 0x80] = failures.values();
    const { reasonString = reasonName(reasonCode), userProperties } = answer.properties ?? {};
    throw new SubscribeError(failures, { reasonCode, reasonString, userProperties });
  }
  return filters.map((filter, index) => ({ filter, qos: (codes[index] ?? 0) as Grant['qos'] }));
}

function doNothing(): void {
  // Nobody waits for it.
}
