/** A subscription: filters at the server, and a bounded buffer here, read by a loop, by `next`, by `poll` or by a handler. */
import type { MqttError, QoS } from '@omqtt/codec';
import type { Clock } from '@omqtt/contracts';
import { AbortedError, SubscriptionEndedError } from './errors.ts';
import type { Message } from './message.ts';
import { MessageLoop } from './message-loop.ts';
import { Queue } from '../session/queue.ts';
import type { SubscribeOptions } from './subscribe-options.ts';
import { checkWait, limitWait, type WaitOptions } from './wait-limit.ts';

export interface Grant {
  readonly filter: string;
  readonly qos: QoS;
}

export interface SubscriptionParts {
  readonly filters: readonly string[];
  readonly options: SubscribeOptions;
  readonly clock: Clock;
  readonly ready: Promise<readonly Grant[]>;
  readonly unsubscribe: (subscription: Subscription, wait: WaitOptions) => Promise<void>;
  readonly detach: (subscription: Subscription) => void;
  readonly dispose: (subscription: Subscription) => Promise<void>;
}

/** How a subscription ended. */
export interface SubscriptionEnd {
  /** Loops end with it; without it they just end. */
  readonly error?: MqttError | undefined;
  /** What else `next` is told instead. */
  readonly reason?: MqttError | undefined;
  /** Nobody shall wait for what was not read: it is acknowledged, and can still be read. */
  readonly isFinal?: boolean;
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
  /** Takes a message, or has no hand free for it. */
  #feeder: ((message: Message) => boolean) | undefined;
  /** Messages that a loop had in hand when it was left. */
  readonly #left = new Set<Message>();
  #dropped = 0;
  #ended: SubscriptionEnd | undefined;

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

  /** The next message, acknowledged unless `ack` is `manual`. Rejects when the subscription has ended. */
  async next(wait: WaitOptions = {}): Promise<Message> {
    const message = await this.#read(checkWait(wait));
    if (message === undefined) throw this.#ended?.reason ?? new SubscriptionEndedError(this.filters);
    if (this.options.ack !== 'manual') message.ack();
    return message;
  }

  /** A message, if there is one. */
  poll(): Message | undefined {
    const message = this.#buffer.shift();
    if (message !== undefined && this.options.ack !== 'manual') message.ack();
    return message;
  }

  /**
   * Ends with the subscription. Leaving the loop leaves the subscription as it is, and the message in hand
   * unacknowledged until its `ack`, or until `unsubscribe`.
   */
  // Not AsyncIterableIterator: compilers before 5.6 know only its first type argument.
  [Symbol.asyncIterator](): AsyncIterator<Message, undefined> {
    return new MessageLoop({
      read: (wait) => this.#read(wait),
      left: (message) => this.#leave(message),
      acknowledges: this.options.ack !== 'manual',
    });
  }

  /**
   * Takes the filters away at the server, and ends. Unless `ack` is `manual`, what was not read is acknowledged, and can
   * still be read. Resolves when the server has confirmed it.
   */
  async unsubscribe(wait: WaitOptions = {}): Promise<void> {
    await this.#parts.unsubscribe(this, checkWait(wait));
  }

  /** Ends here, and leaves the filters at the server: what comes meanwhile waits there for the next time. */
  detach(): void {
    this.#parts.detach(this);
  }

  /** Unsubscribes; without a connection the server is told later. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#parts.dispose(this);
  }

  /** For the client: a message that belongs here. */
  offer(message: Message): void {
    if (this.options.ack === 'on-receipt') message.ack();
    if (this.#readers.size > 0) {
      const [reader] = this.#readers;
      reader?.(message);
      return;
    }
    // Never past those that lie here already.
    if (this.#feeder !== undefined && this.#buffer.length === 0 && this.#feeder(message)) return;
    const { max = 1000, whenFull = 'drop-oldest' } = this.options.buffer ?? {};
    const mayBeDropped = message.qos === 0 || message.isAcknowledged;
    if (!mayBeDropped || this.#hasRoom(max, whenFull)) this.#buffer.push(message);
  }

  /** For the handler: it is offered each message, and takes what it could not take then. */
  feed(feeder: (message: Message) => boolean): void {
    this.#feeder = feeder;
  }

  /** For the handler: the first of what lies here. */
  take(): Message | undefined {
    return this.#buffer.shift();
  }

  /**
   * For the client: a connection has begun. In a resumed session the server sends again what lies here unacknowledged at
   * QoS 1; otherwise nobody waits for its acknowledgement any more, so it counts like any other.
   */
  connected(isResumed: boolean): void {
    if (isResumed) this.#buffer.filter(({ qos, isAcknowledged }) => qos !== 1 || isAcknowledged);
    else for (const message of this.#buffer.toArray()) message.ack();
    this.#left.clear();
  }

  /** For the client: nothing comes any more. What lies here is still handed out. */
  end(how: SubscriptionEnd): void {
    if (this.#ended !== undefined) return;
    this.#ended = { reason: how.error, ...how };
    for (const message of [...this.#left, ...this.#buffer.toArray()]) this.#release(message);
    for (const reader of this.#readers) reader(undefined);
  }

  #leave(message: Message): void {
    if (this.isEnded) this.#release(message);
    else if (!message.isAcknowledged) this.#left.add(message);
  }

  /** A message that nobody may ever look at would hold up the acknowledgements of all later ones. */
  #release(message: Message): void {
    if (this.#ended?.isFinal === true && this.options.ack !== 'manual') message.ack();
  }

  #hasRoom(max: number, whenFull: 'drop-oldest' | 'drop-newest'): boolean {
    while (this.#buffer.length >= max) {
      this.#dropped += 1;
      if (whenFull === 'drop-newest' || !this.#dropOldest()) return false;
    }
    return true;
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
    const what = 'waiting for a message';
    if (wait.signal?.aborted === true) return Promise.reject(new AbortedError(what, wait.signal.reason));
    const message = this.#buffer.shift();
    if (message !== undefined) return Promise.resolve(message);
    if (this.#ended !== undefined) {
      const { error } = this.#ended;
      return error === undefined ? Promise.resolve(undefined) : Promise.reject(error);
    }
    return new Promise((resolve, reject) => {
      const reader = (next: Message | undefined): void => {
        stop();
        this.#readers.delete(reader);
        const error = this.#ended?.error;
        if (next === undefined && error !== undefined) reject(error);
        else resolve(next);
      };
      this.#readers.add(reader);
      const stop = limitWait({ ...wait, clock: this.#parts.clock, what }, (error) => {
        this.#readers.delete(reader);
        reject(error);
      });
    });
  }
}
