/** Publishing: from the call to the receipt, with back-pressure in between. */
import type { MqttError } from '@omqtt/codec';
import { QueueFullError, type Session } from '../session/index.ts';
import { EMPTY_LIST } from '../session/on-demand-list.ts';
import { Backlog } from './backlog.ts';
import type { CalledBack } from './called-back.ts';
import type { Driver } from './driver.ts';
import { AbortedError } from './errors.ts';
import { noLimits, type Operation, type Operations } from './operations.ts';
import type { Payload } from './payload.ts';
import { type CheckedMessage, MessageCheck, type PublishOptions } from './publish-message.ts';
import { DONE, type PublishReceipt, receiptReaders } from './publish-receipt.ts';
import type { ResolvedOptions } from './resolve-options.ts';
import { limitWait, type WaitOptions } from './wait-limit.ts';
import type { Waiter } from './waiter.ts';

/** A message that was accepted, and whose delivery goes on. */
export interface AcceptedMessage {
  readonly receipt: Promise<PublishReceipt>;
  /**
   * Takes back what was not sent yet: `receipt` is rejected, and the store forgets it. False when it was sent, or is done
   * with.
   */
  withdraw(): Promise<boolean>;
}

export interface PublishingParts {
  readonly session: Session;
  readonly driver: Driver;
  readonly operations: Operations;
  readonly options: ResolvedOptions;
}

/** As much as goes out in one turn, before it is seen whether the transport takes more. */
const BURST_BYTES = 64 * 1024;

export class Publishing {
  readonly #parts: PublishingParts;
  #messages: MessageCheck | undefined;
  /** QoS 0 waits for the transport only, so it does not stand behind messages that wait for acknowledgements. */
  #once: Backlog | undefined;
  #kept: Backlog | undefined;
  /** Who waits for room. */
  #whenWritable: readonly Waiter[] = EMPTY_LIST;
  #onIdle: readonly (() => void)[] = EMPTY_LIST;
  /** What the store holds was read, so sequences can be given. */
  #isOpen: boolean;

  constructor(parts: PublishingParts) {
    this.#parts = parts;
    this.#isOpen = !parts.options.session.persists;
  }

  get isWritable(): boolean {
    const { session, options } = this.#parts;
    const { maxMessages, maxBytes } = options.session.queue;
    const { waitingMessages, waitingBytes } = session.counts;
    return this.#canGo && this.waiting === 0 && waitingMessages < maxMessages && waitingBytes < maxBytes;
  }

  /** Publishers that wait for room. */
  get waiting(): number {
    return (this.#once?.length ?? 0) + (this.#kept?.length ?? 0);
  }

  publish(topic: string, payload: Payload, options: PublishOptions): Promise<PublishReceipt> {
    try {
      const message = this.#check(topic, payload, options);
      const { session, driver } = this.#parts;
      const goesNow = message.qos === 0 && session.isConnected && this.#canGo && (this.#once?.length ?? 0) === 0;
      if (!goesNow || isLimited(options)) return this.#begin(message, options);
      session.publish(message, driver.turn);
      driver.schedule();
      return DONE;
    } catch (error) {
      const reason = error as MqttError;
      return Promise.reject(reason);
    }
  }

  /** The same for one who is called back. */
  // oxlint-disable-next-line max-params -- those of `publish`, and who publishes
  tell(topic: string, payload: Payload, options: PublishOptions, publisher: CalledBack): void {
    try {
      const message = this.#check(topic, payload, options);
      publisher.read = receiptReaders[message.qos];
      this.#start(message, publisher, options);
    } catch (error) {
      publisher.reject(error as MqttError);
    }
  }

  async enqueue(
    topic: string,
    payload: Payload,
    { timeoutMs, signal, ...options }: PublishOptions,
  ): Promise<AcceptedMessage> {
    const { driver, operations } = this.#parts;
    const message = this.#check(topic, payload, options);
    const limits = { timeoutMs, signal, clock: this.#parts.options.clock, what: publishingTo(message) };
    if (signal?.aborted === true) throw new AbortedError(limits.what, signal.reason);
    const accepted = new Promise<void>((resolve) => {
      message.accepted = () => resolve(driver.done());
    });
    const receipt = this.#begin(message, {});
    const { operation } = message;
    // Whoever looks at the receipt later must not be told that nobody handled its rejection.
    receipt.catch(doNothing);
    const stop = limitWait(limits, (error) => operations.cancel(operation, error));
    try {
      await Promise.race([receipt, accepted]);
      // Taken, and dropped or refused in the same breath.
      if (!operations.isPending(operation)) await receipt;
    } finally {
      stop();
    }
    return { receipt, withdraw: () => this.#takeBack(operation, limits.what) };
  }

  /** Resolves when one more message can be taken at once. */
  drained(wait: WaitOptions): Promise<void> {
    if (this.isWritable) return Promise.resolve();
    return new Promise((resolve, reject) => {
      const waiter = {
        resolve: () => {
          stop();
          resolve();
        },
        reject: (error: MqttError) => {
          stop();
          reject(error);
        },
      };
      this.#whenWritable = [...this.#whenWritable, waiter];
      const stop = limitWait({ ...wait, clock: this.#parts.options.clock, what: 'waiting for room' }, (error) => {
        this.#whenWritable = this.#whenWritable.filter((other) => other !== waiter);
        reject(error);
      });
    });
  }

  /** Called whenever something has been done. Returns what takes it away. */
  onIdle(listener: () => void): () => void {
    this.#onIdle = [...this.#onIdle, listener];
    return () => {
      this.#onIdle = this.#onIdle.filter((other) => other !== listener);
    };
  }

  /** For the client: the store was read. */
  storeOpened(): void {
    this.#isOpen = true;
  }

  /** For the client: there may be room again. */
  wake(): void {
    if (this.#isOpen) {
      if (this.#once !== undefined) this.#proceed(this.#once);
      if (this.#kept !== undefined) this.#proceed(this.#kept);
    }
    for (const listener of this.#onIdle) listener();
    if (this.#whenWritable.length === 0 || !this.isWritable) return;
    const waiters = this.#whenWritable;
    this.#whenWritable = EMPTY_LIST;
    for (const { resolve } of waiters) resolve();
  }

  /** The operation of a publisher that waits is given up. */
  withdraw(operation: number): void {
    this.#once?.withdraw(operation);
    this.#kept?.withdraw(operation);
  }

  /** The store could not be opened, so those who wait for it wait in vain. */
  refuseAll(error: MqttError): void {
    for (const backlog of [this.#once, this.#kept]) {
      for (let message = backlog?.first; message !== undefined; message = backlog?.first) {
        backlog?.shift();
        this.#parts.operations.settle({ operation: message.operation, error });
      }
    }
  }

  /** There will be no room any more; the operations are settled by their owner. */
  abandon(error: MqttError): void {
    this.#once?.clear();
    this.#kept?.clear();
    for (const { reject } of this.#whenWritable) reject(error);
    this.#whenWritable = EMPTY_LIST;
  }

  async #takeBack(operation: number, what: string): Promise<boolean> {
    const { session, operations, driver } = this.#parts;
    if (!session.isWaiting(operation)) return false;
    operations.cancel(operation, new AbortedError(what, undefined));
    await driver.done();
    return true;
  }

  #check(topic: string, payload: Payload, options: PublishOptions): CheckedMessage {
    const { given, isV5 } = this.#parts.options;
    this.#messages ??= new MessageCheck(given.publish?.properties, isV5);
    return this.#messages.check(topic, payload, options);
  }

  get #canGo(): boolean {
    return this.#isOpen && !this.#parts.driver.isStalled;
  }

  #begin(message: CheckedMessage, wait: WaitOptions): Promise<PublishReceipt> {
    return new Promise((resolve, reject) => {
      const read = receiptReaders[message.qos];
      this.#start(message, { number: 0, read, resolve, reject, stop: noLimits }, wait);
    });
  }

  #start(message: CheckedMessage, publisher: Operation<PublishReceipt>, wait: WaitOptions): void {
    const { operations } = this.#parts;
    const operation = operations.add(publisher);
    message.operation = operation;
    try {
      // Without what only limits need: most messages have none.
      if (isLimited(wait)) operations.limit(operation, publishingTo(message), wait);
      if (operations.isPending(operation)) this.#submit(message);
    } catch (error) {
      operations.settle({ operation, error: error as MqttError });
    }
  }

  /** To the session, or behind those who wait already. Throws what cannot be taken. */
  #submit(message: CheckedMessage): void {
    const backlog = message.qos === 0 ? (this.#once ??= new Backlog()) : (this.#kept ??= new Backlog());
    const isNext = this.#canGo && backlog.length === 0;
    if (isNext && this.#offer(message)) return;
    const mayWait = !isNext || this.#parts.options.session.queue.whenFull === 'wait';
    if (!mayWait || !backlog.push(message)) throw this.#full();
  }

  /** False when the queue is full; throws what the server would refuse. */
  #offer(message: CheckedMessage): boolean {
    const { session, driver } = this.#parts;
    // To the millisecond where something expires.
    const now = message.properties === undefined ? driver.turn : driver.now;
    if (session.publish(message, now) === 'full') return false;
    driver.schedule();
    message.accepted?.();
    return true;
  }

  #proceed(backlog: Backlog): void {
    const { operations, options } = this.#parts;
    let bytes = 0;
    for (let message = backlog.first; message !== undefined && bytes < BURST_BYTES; message = backlog.first) {
      const { operation, payload } = message;
      if (!this.#canGo) return;
      try {
        const isTaken = this.#offer(message);
        if (!isTaken && options.session.queue.whenFull === 'wait') return;
        // It had to wait for the store or the transport, and not for room.
        if (!isTaken) throw this.#full();
      } catch (error) {
        operations.settle({ operation, error: error as MqttError });
      }
      backlog.shift();
      bytes += payload.length;
    }
  }

  #full(): QueueFullError {
    const { waitingMessages, waitingBytes } = this.#parts.session.counts;
    const bytes = (this.#once?.bytes ?? 0) + (this.#kept?.bytes ?? 0);
    return new QueueFullError(waitingMessages + this.waiting, waitingBytes + bytes);
  }
}

function isLimited({ timeoutMs, signal }: WaitOptions): boolean {
  return timeoutMs !== undefined || signal !== undefined;
}

function publishingTo({ topic }: CheckedMessage): string {
  return `publishing to ${JSON.stringify(topic)}`;
}

function doNothing(): void {
  // Nothing to do.
}
