/** The handler form of a subscription: so many messages at once, each acknowledged when its handler has ended. */
import type { Message } from './message.ts';
import type { Subscription } from './subscription.ts';

export type MessageHandler = (message: Message) => unknown;

type Report = (error: unknown, message: Message) => void;

/** Runs until the subscription ends. A handler that fails does not end it; `report` gets to know. */
export function runHandler(subscription: Subscription, handler: MessageHandler, report: Report): void {
  new HandlerRun(subscription, handler, report).start();
}

/**
 * A message goes to the handler in the turn in which it came, and one whose handler has nothing to wait for is done with
 * it in that turn: many of them cost no promises, and their acknowledgements leave in one write.
 */
class HandlerRun {
  readonly #subscription: Subscription;
  readonly #handler: MessageHandler;
  readonly #report: Report;
  readonly #concurrency: number;
  #running = 0;

  constructor(subscription: Subscription, handler: MessageHandler, report: Report) {
    this.#subscription = subscription;
    this.#handler = handler;
    this.#report = report;
    this.#concurrency = subscription.options.concurrency ?? 1;
  }

  // Not at once: the caller of `subscribe` has no subscription yet that its handler could ask.
  start(): void {
    queueMicrotask(() => {
      this.#subscription.feed((message) => this.#take(message));
      this.#proceed();
    });
  }

  /** False when there is no hand free. */
  #take(message: Message): boolean {
    if (this.#running >= this.#concurrency) return false;
    // Counted while it runs, since it may bring about the next message.
    this.#running += 1;
    let outcome: unknown;
    try {
      outcome = this.#handler(message);
    } catch (error) {
      this.#failed(error, message);
      this.#running -= 1;
      return true;
    }
    if (isThenable(outcome)) {
      void this.#wait(outcome, message);
      return true;
    }
    this.#succeeded(message);
    this.#running -= 1;
    return true;
  }

  async #wait(outcome: PromiseLike<unknown>, message: Message): Promise<void> {
    try {
      await outcome;
      this.#succeeded(message);
    } catch (error) {
      this.#failed(error, message);
    }
    this.#running -= 1;
    this.#proceed();
  }

  /** Takes what has gathered meanwhile. */
  #proceed(): void {
    while (this.#running < this.#concurrency) {
      const message = this.#subscription.take();
      if (message === undefined) return;
      this.#take(message);
    }
  }

  #succeeded(message: Message): void {
    const { ack = 'on-success' } = this.#subscription.options;
    if (ack === 'on-success') message.ack();
  }

  #failed(error: unknown, message: Message): void {
    const { ack = 'on-success', onError = 'nack' } = this.#subscription.options;
    this.#report(error, message);
    if (ack !== 'on-success' || onError === 'leave') return;
    if (onError === 'ack') message.ack();
    else message.nack();
  }
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function';
}
