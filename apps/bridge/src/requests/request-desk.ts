/**
 * Requests and their answers (MQTT 5.0 §4.10) for one broker: one reply topic for the life of the bridge, subscribed to
 * once, and a correlation for each request.
 */
import { randomBytes } from 'node:crypto';
import type { Message, Subscription } from 'omqtt';
import type { BrokerLink } from '../brokers/broker-link.ts';
import type { BrokerPool } from '../brokers/broker-pool.ts';
import { BridgeProblem } from '../problems/problem.ts';
import { subscribeProblem } from '../problems/problem-of-error.ts';
import type { PublishCommand } from '../publish/publish-command.ts';

export interface AskOptions {
  /** From the beginning to the answer. */
  readonly timeoutMs: number;
  /** For the acknowledgement of the request. */
  readonly ackTimeoutMs: number;
  /** The caller has gone. */
  readonly signal: AbortSignal;
}

interface Question {
  readonly resolve: (answer: Message) => void;
}

interface Replies {
  readonly topic: string;
  readonly link: BrokerLink;
  readonly subscription: Subscription;
}

const CORRELATION_BYTES = 16;

export class RequestDesk {
  readonly #pool: BrokerPool;
  readonly #maximumPending: number;
  readonly #pending = new Map<string, Question>();
  #replies: Replies | undefined;
  #late = 0;

  constructor(pool: BrokerPool, maximumPending: number) {
    this.#pool = pool;
    this.#maximumPending = maximumPending;
  }

  get pending(): number {
    return this.#pending.size;
  }

  /** Answers that nobody waited for any more. */
  get late(): number {
    return this.#late;
  }

  async ask(command: PublishCommand, options: AskOptions): Promise<Message> {
    if (!this.#pool.isV5) {
      throw new BridgeProblem('capability-unavailable', {
        detail: 'MQTT 3.1.1 has no requests',
        extra: { capability: 'requests' },
      });
    }
    if (this.#pending.size >= this.#maximumPending) {
      const detail = `${this.#pending.size} requests wait for their answers`;
      throw new BridgeProblem('overloaded', { detail, retryAfterMs: 1000 });
    }
    if (!this.#pool.isConnected) throw this.#pool.outage();
    const correlation = randomBytes(CORRELATION_BYTES);
    const key = correlation.toString('hex');
    const wait = new AnswerWait(options);
    this.#pending.set(key, wait);
    try {
      return await wait.until(this.#send(command, { correlation, options, wait }));
    } finally {
      this.#pending.delete(key);
    }
  }

  async #send(command: PublishCommand, { correlation, options, wait }: Sending): Promise<void> {
    const responseTopic = await this.#replyTopic();
    const { topic, payload, qos, retain, properties } = command;
    const withReply = { ...properties, responseTopic, correlationData: correlation };
    const message = { topic, payload, options: { qos, retain, properties: withReply } };
    const receipt = await this.#pool.publish(message, options.ackTimeoutMs);
    wait.isAccepted = true;
    if (!receipt.hadSubscribers) {
      const detail = `nobody is subscribed to ${JSON.stringify(topic)}, so nobody will answer`;
      const mqtt = { packet: 'PUBACK', reasonCode: receipt.reasonCode, broker: this.#pool.name } as const;
      throw new BridgeProblem('no-responder', { detail, mqtt, retryAfterMs: 1000 });
    }
  }

  /** Not before the broker listens for us: the answer might be faster. */
  async #replyTopic(): Promise<string> {
    if (this.#replies === undefined || this.#replies.subscription.isEnded) this.#replies = this.#listen();
    const { topic, subscription } = this.#replies;
    try {
      await subscription.ready;
    } catch (error) {
      throw subscribeProblem(error, this.#pool.name);
    }
    return topic;
  }

  #listen(): Replies {
    const link = this.#replies?.link ?? this.#pool.open();
    // Not to be guessed: who knows it can answer in the name of others.
    const topic = `omqtt/reply/${randomBytes(CORRELATION_BYTES).toString('hex')}`;
    const subscription = link.client.subscribe(topic, { qos: 1, ack: 'on-receipt' }, (message) => {
      const key = Buffer.from(message.properties.correlationData ?? []).toString('hex');
      const question = this.#pending.get(key);
      if (question === undefined) this.#late += 1;
      else question.resolve(message);
    });
    return { topic, link, subscription };
  }
}

interface Sending {
  readonly correlation: Buffer;
  readonly options: AskOptions;
  readonly wait: AnswerWait;
}

/** One answer, or why there is none. */
class AnswerWait implements Question {
  /** The broker has the request, so what became of it is known. */
  isAccepted = false;
  readonly #options: AskOptions;
  readonly #answer: Promise<Message>;
  #settle: { resolve: (answer: Message) => void; reject: (problem: unknown) => void } | undefined;

  constructor(options: AskOptions) {
    this.#options = options;
    this.#answer = new Promise((resolve, reject) => {
      this.#settle = { resolve, reject };
    });
  }

  resolve(answer: Message): void {
    this.#settle?.resolve(answer);
  }

  async until(sending: Promise<void>): Promise<Message> {
    const { timeoutMs, signal } = this.#options;
    const timer = setTimeout(() => this.#settle?.reject(this.#late(timeoutMs)), timeoutMs);
    const onAbort = (): void => this.#settle?.reject(new BridgeProblem('client-closed', 'the caller has gone'));
    signal.addEventListener('abort', onAbort, { once: true });
    sending.catch((problem: unknown) => this.#settle?.reject(problem));
    try {
      return await this.#answer;
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
    }
  }

  #late(timeoutMs: number): BridgeProblem {
    return new BridgeProblem('reply-timeout', {
      detail: `no answer came within ${timeoutMs} ms`,
      outcome: this.isAccepted ? 'accepted' : 'unknown',
    });
  }
}
