/** A subscription: filters at the server, and a bounded buffer here, read by a loop, by `next`, by `poll` or by a handler. */
import type { MqttError, QoS, RetainHandling, UserProperty } from '@omqtt/codec';
import type { Clock } from '@omqtt/contracts';
import { SubscriptionEndedError } from './errors.ts';
import type { Message } from './message.ts';
import { Queue } from '../session/queue.ts';
import { limitWait, type WaitOptions } from './wait-limit.ts';

/** `on-receipt`: before anyone has seen it. `on-success`: when the handler has ended, or the loop asks for the next. */
export type AckPolicy = 'on-receipt' | 'on-success' | 'manual';

export interface SubscribeOptions {
  /** The highest QoS to receive. Default: 1. */
  readonly qos?: QoS;
  readonly noLocal?: boolean;
  readonly retainAsPublished?: boolean;
  readonly retainHandling?: RetainHandling;
  /** 1 to 268 435 455; the server puts it on each message, and messages are routed by it. */
  readonly identifier?: number;
  /** Share the messages with all who name the same group. */
  readonly share?: string;
  readonly userProperties?: readonly UserProperty[];
  /** Default: on-success. */
  readonly ack?: AckPolicy;
  /**
   * How many messages may lie here unread, and what happens to one more. Messages that wait for their acknowledgement
   * are never dropped: the Receive Maximum limits them. Default: 1000, drop-oldest.
   */
  readonly buffer?: { readonly max?: number; readonly whenFull?: 'drop-oldest' | 'drop-newest' };
  /** Messages that match go to the most specific exclusive subscription only. Default: false. */
  readonly exclusive?: boolean;
  /** How many messages the handler works on at once. Default: 1. */
  readonly concurrency?: number;
  /** What a handler that fails answers to the server. Default: nack (0x80). */
  readonly onError?: 'nack' | 'ack' | 'leave';
}

export interface Grant {
  readonly filter: string;
  readonly qos: QoS;
}

export interface SubscriptionParts {
  readonly filters: readonly string[];
  readonly options: SubscribeOptions;
  readonly clock: Clock;
  readonly ready: Promise<readonly Grant[]>;
  readonly unsubscribe: (subscription: Subscription) => Promise<void>;
  readonly detach: (subscription: Subscription) => void;
}

export class Subscription implements AsyncIterable<Message> {
  /** As the server knows them, with `$share/group/` in front where the messages are shared. */
  readonly filters: readonly string[];
  readonly options: SubscribeOptions;
  /** Resolves with what the server granted, and rejects with a `SubscribeError` if it refused a filter. */
  readonly ready: Promise<readonly Grant[]>;
  readonly #parts: SubscriptionParts;
  readonly #buffer = new Queue<Message>();
  readonly #readers = new Set<(message: Message | undefined) => void>();
  #dropped = 0;
  #ended: { readonly error: MqttError | undefined } | undefined;

  constructor(parts: SubscriptionParts) {
    this.filters = parts.filters;
    this.options = parts.options;
    this.ready = parts.ready;
    this.#parts = parts;
  }

  /** Messages that found the buffer full. */
  get dropped(): number {
    return this.#dropped;
  }

  /** Messages that lie here unread. */
  get buffered(): number {
    return this.#buffer.length;
  }

  get isEnded(): boolean {
    return this.#ended !== undefined;
  }

  /** The next message; with `on-success`, the one before is not acknowledged by it. Rejects when the subscription ends. */
  async next(wait: WaitOptions = {}): Promise<Message> {
    const message = await this.#read(wait);
    if (message === undefined) throw this.#ended?.error ?? new SubscriptionEndedError(this.filters);
    if (this.options.ack !== 'manual') message.ack();
    return message;
  }

  /** A message, if there is one. */
  poll(): Message | undefined {
    const message = this.#buffer.shift();
    if (message !== undefined && this.options.ack !== 'manual') message.ack();
    return message;
  }

  /** Ends with the subscription; leaving the loop leaves the subscription as it is. */
  async *[Symbol.asyncIterator](): AsyncGenerator<Message, void, undefined> {
    for (;;) {
      const message = await this.#read({});
      if (message === undefined) {
        if (this.#ended?.error !== undefined) throw this.#ended.error;
        return;
      }
      yield message;
      // The loop came back for more, so the message before is done. A loop that was left has said nothing.
      if (this.options.ack !== 'manual') message.ack();
    }
  }

  /** Takes the filters away at the server, and ends. Resolves when the server has confirmed it. */
  unsubscribe(): Promise<void> {
    return this.#parts.unsubscribe(this);
  }

  /** Ends here, and leaves the filters at the server: what comes meanwhile waits there for the next time. */
  detach(): void {
    this.#parts.detach(this);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.isEnded) await this.unsubscribe().catch(() => undefined);
  }

  /** For the client: a message that belongs here. */
  offer(message: Message): void {
    if (this.options.ack === 'on-receipt') message.ack();
    const [reader] = this.#readers;
    if (reader !== undefined) {
      reader(message);
      return;
    }
    const { max = 1000, whenFull = 'drop-oldest' } = this.options.buffer ?? {};
    const isSafe = message.qos > 0 && !message.isAcknowledged;
    if (!isSafe && this.#buffer.length >= max) {
      this.#dropped += 1;
      if (whenFull === 'drop-newest' || !this.#dropOldest()) return;
    }
    this.#buffer.push(message);
  }

  /** For the handler: one message after the other, and `undefined` at the end. */
  feed(): () => Promise<Message | undefined> {
    return () => this.#read({});
  }

  /** For the client: nothing comes any more. What lies here is still handed out. */
  end(error: MqttError | undefined): void {
    this.#ended ??= { error };
    for (const reader of this.#readers) reader(undefined);
  }

  // Messages that wait for their acknowledgement stay.
  #dropOldest(): boolean {
    const victim = this.#buffer.find(({ qos, isAcknowledged }) => qos === 0 || isAcknowledged);
    if (victim === undefined) return false;
    if (victim === this.#buffer.first) this.#buffer.shift();
    else this.#buffer.filter((message) => message !== victim);
    return true;
  }

  #read(wait: WaitOptions): Promise<Message | undefined> {
    const message = this.#buffer.shift();
    if (message !== undefined) return Promise.resolve(message);
    if (this.#ended !== undefined) return Promise.resolve(undefined);
    return new Promise((resolve, reject) => {
      const reader = (next: Message | undefined): void => {
        stop();
        this.#readers.delete(reader);
        resolve(next);
      };
      this.#readers.add(reader);
      const stop = limitWait({ ...wait, clock: this.#parts.clock, what: 'waiting for a message' }, (error) => {
        this.#readers.delete(reader);
        reject(error);
      });
    });
  }
}
