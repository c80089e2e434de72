/**
 * Asks a broker for what it retains. MQTT can only subscribe and wait: whoever asks for the same filter meanwhile shares
 * the subscription, and after a quiet moment nothing more is expected.
 */
import type { Message } from 'omqtt';
import type { BrokerLink } from '../brokers/broker-link.ts';
import type { BrokerPool } from '../brokers/broker-pool.ts';
import type { RetainedConfig } from '../config/bridge-config.ts';
import { LastValues, type ReadValue } from './last-values.ts';
import { subscribeProblem } from '../problems/problem-of-error.ts';

export interface RetainedMessages {
  readonly messages: readonly Message[];
  /** False: there are more than the limits allow. */
  readonly isWhole: boolean;
  readonly readAt: number;
}

export class RetainedReader {
  readonly #pool: BrokerPool;
  readonly #config: RetainedConfig;
  readonly #lastValues: LastValues;
  readonly #reading = new Map<string, Promise<RetainedMessages>>();
  /** The connection is its own, so that nobody else gets these messages. */
  #link: BrokerLink | undefined;

  constructor(pool: BrokerPool, config: RetainedConfig) {
    this.#pool = pool;
    this.#config = config;
    this.#lastValues = new LastValues(config);
  }

  read(filter: string): Promise<RetainedMessages> {
    const running = this.#reading.get(filter);
    if (running !== undefined) return running;
    const reading = this.#read(filter).finally(() => this.#reading.delete(filter));
    this.#reading.set(filter, reading);
    return reading;
  }

  /** The message of one topic; one of up to that age does. */
  async readOne(topic: string, maximumAgeMs = 0): Promise<ReadValue | undefined> {
    const known = maximumAgeMs > 0 ? this.#lastValues.get(topic, maximumAgeMs) : undefined;
    if (known !== undefined) return known;
    const { messages, readAt } = await this.read(topic);
    const message = messages.find((one) => one.topic === topic);
    const value = message === undefined ? undefined : { message, readAt };
    this.#lastValues.note(topic, value);
    return value;
  }

  async #read(filter: string): Promise<RetainedMessages> {
    if (!this.#pool.isConnected) throw this.#pool.outage();
    this.#link ??= this.#pool.open();
    const collection = new Collection(this.#config, !/[+#]/.test(filter));
    const timeoutMs = this.#pool.config.connectTimeoutMs;
    const { client } = this.#link;
    const options = { qos: 1, ack: 'on-receipt', timeoutMs } as const;
    const subscription = client.subscribe(filter, options, (message) => collection.add(message));
    try {
      await subscription.ready;
      await collection.finished();
    } catch (error) {
      throw subscribeProblem(error, this.#pool.name);
    } finally {
      subscription.unsubscribe({ timeoutMs }).catch(() => undefined);
    }
    return { messages: collection.messages, isWhole: !collection.isFull, readAt: Date.now() };
  }
}

class Collection {
  readonly messages: Message[] = [];
  isFull = false;
  readonly #config: RetainedConfig;
  readonly #isOfOneTopic: boolean;
  #bytes = 0;
  #finish: () => void = () => {
    this.#isDone = true;
  };
  #isDone = false;
  #quiet: NodeJS.Timeout | undefined;

  constructor(config: RetainedConfig, isOfOneTopic: boolean) {
    this.#config = config;
    this.#isOfOneTopic = isOfOneTopic;
  }

  add(message: Message): void {
    if (!message.retain || this.isFull) return;
    this.#bytes += message.payload.length + message.topic.length;
    const { maximumMessages, maximumBytes } = this.#config;
    this.isFull = this.messages.length >= maximumMessages || this.#bytes > maximumBytes;
    if (!this.isFull) this.messages.push(message);
    if (this.isFull || this.#isOfOneTopic) this.#finish();
    else this.#quiet?.refresh();
  }

  /** Resolves after a moment without another message. */
  finished(): Promise<void> {
    if (this.#isDone) return Promise.resolve();
    return new Promise((resolve) => {
      this.#quiet = setTimeout(resolve, this.#config.waitMs);
      this.#finish = () => {
        clearTimeout(this.#quiet);
        resolve();
      };
    });
  }
}
