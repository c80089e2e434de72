/** Publishing: from the call to the receipt, with back-pressure in between. */
import {
  encode,
  isFailure,
  type Packet,
  type PublishProperties,
  type QoS,
  type UserProperty,
  validateTopicName,
} from '@omqtt/codec';
import { type AliasPolicy, type PublishCommand, QueueFullError, type Session } from '../session/index.ts';
import type { Driver } from './driver.ts';
import { InvalidOptionError } from './errors.ts';
import type { Operations } from './operations.ts';
import { type Payload, toBytes } from './payload.ts';
import type { ResolvedOptions } from './resolve-options.ts';
import { limitWait, type WaitOptions } from './wait-limit.ts';

export interface PublishOptions extends WaitOptions {
  /** Default: 0. */
  readonly qos?: QoS;
  /** The server keeps it as the last message of the topic. Default: false. */
  readonly retain?: boolean;
  readonly properties?: Omit<PublishProperties, 'topicAlias' | 'subscriptionIdentifiers'>;
  /** `try`: a short number instead of the topic, where the server allows it; `always`: fail where it does not. */
  readonly alias?: AliasPolicy;
}

/** What the server answered: PUBACK for QoS 1, PUBCOMP for QoS 2, nothing for QoS 0. */
export interface PublishReceipt {
  readonly qos: QoS;
  readonly reasonCode: number;
  /** False when the server said that nobody is subscribed (0x10); it need not say so. */
  readonly hadSubscribers: boolean;
  readonly reasonString?: string;
  readonly userProperties: readonly UserProperty[];
}

/** A message that was accepted, and whose delivery goes on. */
export interface AcceptedMessage {
  readonly receipt: Promise<PublishReceipt>;
}

export interface PublishingParts {
  readonly session: Session;
  readonly driver: Driver;
  readonly operations: Operations;
  readonly options: ResolvedOptions;
}

const DONE: PublishReceipt = { qos: 0, reasonCode: 0, hadSubscribers: true, userProperties: [] };
const KNOWN_TOPICS = 1000;

export class Publishing {
  readonly #parts: PublishingParts;
  /** Topics that were found valid. */
  readonly #topics = new Set<string>();
  readonly #waiting = new Set<() => void>();
  readonly #onIdle = new Set<() => void>();

  constructor(parts: PublishingParts) {
    this.#parts = parts;
  }

  get isWritable(): boolean {
    const { session, driver, options } = this.#parts;
    const { maxMessages, maxBytes } = options.session.queue;
    const { waitingMessages, waitingBytes } = session.counts;
    return !driver.isStalled && waitingMessages < maxMessages && waitingBytes < maxBytes;
  }

  async publish(topic: string, payload: Payload, options: PublishOptions): Promise<PublishReceipt> {
    const bytes = this.#check(topic, payload, options);
    const message = { topic, payload: bytes, options };
    const { qos = 0 } = options;
    if (qos === 0) {
      await this.#once(message);
      return DONE;
    }
    const packet = await this.#begin(message);
    return receiptOf(qos, packet);
  }

  async enqueue(topic: string, payload: Payload, options: PublishOptions): Promise<AcceptedMessage> {
    const { timeoutMs, signal, ...rest } = options;
    const receipt = this.publish(topic, payload, rest);
    // Whoever looks at the receipt later must not be told that nobody handled its rejection.
    receipt.catch(() => undefined);
    await Promise.race([receipt, this.#parts.driver.done()]);
    return { receipt };
  }

  /** Resolves when one more message can be taken at once. */
  async drained(wait: WaitOptions): Promise<void> {
    while (!this.isWritable) await this.#roomFor('waiting for room', wait);
  }

  /** Called whenever something has been done. Returns what takes it away. */
  onIdle(listener: () => void): () => void {
    this.#onIdle.add(listener);
    return () => this.#onIdle.delete(listener);
  }

  /** For the client: there may be room again. */
  wake(): void {
    for (const listener of this.#onIdle) listener();
    if (this.#waiting.size === 0 || !this.isWritable) return;
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const proceed of waiting) proceed();
  }

  #check(topic: string, payload: Payload, { properties, alias = 'never', qos = 0 }: PublishOptions): Uint8Array {
    if (!this.#topics.has(topic)) {
      validateTopicName(topic);
      if (this.#topics.size >= KNOWN_TOPICS) this.#topics.clear();
      this.#topics.add(topic);
    }
    if (qos !== 0 && qos !== 1 && qos !== 2) throw new InvalidOptionError('qos', 'is 0, 1 or 2');
    if (alias === 'always' && qos > 0) {
      throw new InvalidOptionError('alias', 'cannot be `always` above QoS 0: a repetition needs the full topic');
    }
    const bytes = toBytes(payload);
    // Found out now rather than when the batch is written, when it could only be blamed on everyone.
    if (properties !== undefined) {
      encode({ type: 'publish', topic, payload: NOTHING, qos: 0, retain: false, dup: false, properties }, '5.0', {
        role: 'client',
      });
    }
    return bytes;
  }

  async #once(message: Accepted): Promise<void> {
    const { session, driver } = this.#parts;
    if (driver.isStalled) await this.drained(message.options);
    if (!session.isConnected) {
      await this.#begin(message);
      return;
    }
    session.publish(command(0, message), driver.now);
    driver.schedule();
  }

  async #begin(message: Accepted): Promise<Packet | undefined> {
    const { topic, options } = message;
    const { session, driver, operations } = this.#parts;
    const what = `publishing to ${JSON.stringify(topic)}`;
    for (;;) {
      let isFull = false;
      const outcome = operations.begin(
        what,
        (operation) => {
          isFull = session.publish(command(operation, message), driver.now) === 'full';
          if (isFull) throw this.#full();
          driver.schedule();
        },
        options,
      );
      if (!isFull || this.#parts.options.session.queue.whenFull !== 'wait') return outcome;
      outcome.catch(() => undefined);
      await this.#roomFor(what, options);
    }
  }

  #full(): QueueFullError {
    const { waitingMessages, waitingBytes } = this.#parts.session.counts;
    return new QueueFullError(waitingMessages, waitingBytes);
  }

  #roomFor(what: string, wait: WaitOptions): Promise<void> {
    return new Promise((resolve, reject) => {
      const proceed = (): void => {
        stop();
        resolve();
      };
      this.#waiting.add(proceed);
      const stop = limitWait({ ...wait, clock: this.#parts.options.clock, what }, (error) => {
        this.#waiting.delete(proceed);
        reject(error);
      });
    });
  }
}

const NOTHING = new Uint8Array(0);

interface Accepted {
  readonly topic: string;
  readonly payload: Uint8Array;
  readonly options: PublishOptions;
}

function command(operation: number, { topic, payload, options }: Accepted): PublishCommand {
  const { qos = 0, retain = false, properties, alias = 'never' } = options;
  return { operation, topic, payload, qos, retain, properties, alias };
}

function receiptOf(qos: QoS, packet: Packet | undefined): PublishReceipt {
  if (packet?.type !== 'puback' && packet?.type !== 'pubcomp') return { ...DONE, qos };
  const { reasonCode, properties } = packet;
  return {
    qos,
    reasonCode: isFailure(reasonCode) ? 0 : reasonCode,
    hadSubscribers: reasonCode !== 0x10,
    ...(properties?.reasonString !== undefined && { reasonString: properties.reasonString }),
    userProperties: properties?.userProperties ?? [],
  };
}
