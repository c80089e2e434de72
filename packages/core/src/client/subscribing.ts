/** Subscribing and unsubscribing, and where messages go. */
import {
  isFailure,
  type MqttError,
  type Packet,
  reasonName,
  type SubscriptionRequest,
  validateTopicFilter,
} from '@omqtt/codec';
import type { Clock } from '@omqtt/contracts';
import { type Delivery, type Session, SubscribeError, type SubscribeCommand } from '../session/index.ts';
import type { Driver } from './driver.ts';
import { InvalidOptionError } from './errors.ts';
import { type MessageHandler, runHandler } from './handler.ts';
import { Claim, Message } from './message.ts';
import type { Operations } from './operations.ts';
import { Replay } from './replay.ts';
import { Routing } from './routing.ts';
import { type Grant, type SubscribeOptions, Subscription } from './subscription.ts';

export interface SubscribingParts {
  readonly session: Session;
  readonly driver: Driver;
  readonly operations: Operations;
  readonly clock: Clock;
  /** A handler failed. */
  readonly report: (error: unknown, message: Message) => void;
}

export class Subscribing {
  readonly #parts: SubscribingParts;
  readonly #routing = new Routing();
  readonly #replay: Replay;
  #unrouted = 0;

  constructor(parts: SubscribingParts) {
    this.#parts = parts;
    this.#replay = new Replay(parts.clock);
  }

  /** Messages that no subscription wanted. */
  get unrouted(): number {
    return this.#unrouted;
  }

  get held(): number {
    return this.#replay.size;
  }

  subscribe(filters: string | readonly string[], options: SubscribeOptions, handler?: MessageHandler): Subscription {
    const full = fullFilters(filters, options);
    const { clock, report, session, driver } = this.#parts;
    // Before SUBSCRIBE leaves: the server may send the first message before SUBACK.
    const subscription: Subscription = new Subscription({
      filters: full,
      options,
      clock,
      ready: this.#request(full, options, () => subscription),
      unsubscribe: (ended) => this.#unsubscribe(ended),
      detach: (ended) => {
        for (const filter of ended.filters) session.undeclare(filter);
        this.#end(ended);
      },
    });
    // Whoever does not look at `ready` finds out by the end of the subscription.
    subscription.ready.catch(() => undefined);
    this.#routing.add(subscription);
    if (handler !== undefined) runHandler(subscription, handler, report);
    this.#replay.drain((delivery) => this.#offer(delivery));
    driver.schedule();
    return subscription;
  }

  /** A message for whoever wants it. */
  deliver(delivery: Delivery): void {
    if (this.#offer(delivery)) return;
    if (delivery.message.qos > 0 && this.#replay.isHolding) {
      if (this.#replay.hold(delivery)) return;
      // Too many: without acknowledgement they stay with the server.
      this.#parts.driver.drop(
        new InvalidOptionError('subscribe', 'came too late for the messages of the resumed session'),
      );
      return;
    }
    // [MQTT-4.5.0-2] Acknowledged all the same.
    this.#unrouted += 1;
    this.#acknowledge(delivery, {});
  }

  connected(isResumed: boolean): void {
    this.#replay.begin(isResumed);
  }

  /** The server has taken a filter away from this side. */
  lost(filter: string, reasonCode: number): void {
    for (const subscription of this.#routing.subscriptions) {
      if (!subscription.filters.includes(filter)) continue;
      this.#end(subscription, new SubscribeError(new Map([[filter, reasonCode]]), { reasonCode }));
    }
  }

  endAll(error: MqttError | undefined): void {
    for (const subscription of this.#routing.subscriptions) this.#end(subscription, error);
  }

  #offer(delivery: Delivery): boolean {
    const recipients = this.#routing.recipients(delivery);
    if (recipients.length === 0) return false;
    const claim = new Claim(delivery, recipients.length, (claimed, answer) => this.#acknowledge(claimed, answer));
    for (const recipient of recipients) recipient.offer(new Message(claim));
    return true;
  }

  #acknowledge(delivery: Delivery, answer: Parameters<Session['acknowledge']>[1]): boolean {
    const { session, driver } = this.#parts;
    const matters = session.acknowledge(delivery, answer, driver.now);
    driver.schedule();
    return matters;
  }

  async #request(
    filters: readonly string[],
    options: SubscribeOptions,
    self: () => Subscription,
  ): Promise<readonly Grant[]> {
    const { session, driver, operations } = this.#parts;
    const { identifier, userProperties } = options;
    const subscriptions = filters.map((filter) => requestOf(filter, options));
    try {
      const answer = await operations.begin(`subscribing to ${filters.join(', ')}`, (operation) => {
        const asked: SubscribeCommand = { operation, subscriptions, identifier, userProperties };
        session.subscribe(asked, driver.now);
        driver.schedule();
      });
      return grantsOf(filters, answer);
    } catch (error) {
      const failed = error as MqttError;
      // The loop above, or below, of the caller ends with the same error.
      queueMicrotask(() => this.#end(self(), failed));
      throw error;
    }
  }

  async #unsubscribe(subscription: Subscription): Promise<void> {
    const { session, driver, operations } = this.#parts;
    this.#end(subscription);
    const filters = subscription.filters.filter((filter) => !this.#routing.wants(filter));
    if (filters.length === 0) return;
    await operations.begin(`unsubscribing from ${filters.join(', ')}`, (operation) => {
      session.unsubscribe({ operation, filters }, driver.now);
      driver.schedule();
    });
  }

  #end(subscription: Subscription, error?: MqttError): void {
    this.#routing.remove(subscription);
    subscription.end(error);
  }
}

function fullFilters(filters: string | readonly string[], { share, noLocal }: SubscribeOptions): readonly string[] {
  const list = typeof filters === 'string' ? [filters] : filters;
  if (list.length === 0) throw new InvalidOptionError('filters', 'need at least one');
  const full = share === undefined ? list : list.map((filter) => `$share/${share}/${filter}`);
  for (const filter of full) validateTopicFilter(filter);
  if (noLocal === true && full.some((filter) => filter.startsWith('$share/'))) {
    throw new InvalidOptionError('noLocal', 'cannot be had with a shared subscription [MQTT-3.8.3-4]');
  }
  return full;
}

function requestOf(filter: string, options: SubscribeOptions): SubscriptionRequest {
  const { qos = 1, noLocal = false, retainAsPublished = false, retainHandling = 0 } = options;
  return { filter, qos, noLocal, retainAsPublished, retainHandling };
}

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
