/** Request and response (§4.10): one reply topic for the life of the client, and a correlation for each request. */
import { validateTopicName } from '@omqtt/codec';
import type { Clock } from '@omqtt/contracts';
import type { Client } from './client.ts';
import { NoResponderError } from './errors.ts';
import type { Message } from './message.ts';
import type { Payload } from './payload.ts';
import type { PublishOptions } from './publishing.ts';
import type { SubscribeOptions, Subscription } from './subscription.ts';
import { type WaitOptions, within } from './wait-limit.ts';

export interface RequestOptions extends WaitOptions {
  /** Of the request and of the answer. Default: 1, where the server tells if nobody listens. */
  readonly qos?: 0 | 1 | 2;
  readonly properties?: Omit<NonNullable<PublishOptions['properties']>, 'responseTopic' | 'correlationData'>;
}

export type RespondOptions = Omit<SubscribeOptions, 'ack'>;

/** Returns the payload of the answer; `undefined` answers with an empty one. */
export type Responder = (request: Message) => Payload | undefined | Promise<Payload | undefined>;

const DEFAULT_TIMEOUT_MS = 30_000;
const CORRELATION_BYTES = 16;

interface ReplyTopic {
  readonly topic: string;
  readonly subscription: Subscription;
}

export class Requests {
  readonly #client: Client;
  readonly #clock: Clock;
  readonly #pending = new Map<string, (answer: Message) => void>();
  #replies: ReplyTopic | undefined;

  constructor(client: Client, clock: Clock) {
    this.#client = client;
    this.#clock = clock;
  }

  async request(topic: string, payload: Payload, options: RequestOptions): Promise<Message> {
    validateTopicName(topic);
    const { qos = 1, timeoutMs = DEFAULT_TIMEOUT_MS, signal, properties } = options;
    const replies = this.#open();
    // Not before the server listens for us: the answer might be faster.
    await replies.subscription.ready;
    const correlationData = randomBytes();
    const key = correlationData.join();
    const answer = new Promise<Message>((resolve) => this.#pending.set(key, resolve));
    try {
      const receipt = await this.#client.publish(topic, payload, {
        qos,
        properties: { ...properties, responseTopic: replies.topic, correlationData },
        timeoutMs,
        signal,
      });
      if (!receipt.hadSubscribers) throw new NoResponderError(topic);
      const what = `the answer of ${JSON.stringify(topic)}`;
      return await within(answer, { clock: this.#clock, what, timeoutMs, signal });
    } finally {
      this.#pending.delete(key);
    }
  }

  respond(filter: string, responder: Responder, options: RespondOptions): Subscription {
    return this.#client.subscribe(filter, options, async (request) => {
      const { responseTopic, correlationData } = request.properties;
      const answer = await responder(request);
      // A message without a response topic is no request; it has been handled all the same.
      if (responseTopic === undefined) return;
      await this.#client.publish(responseTopic, answer ?? '', {
        qos: request.qos,
        ...(correlationData && { properties: { correlationData } }),
      });
    });
  }

  #open(): ReplyTopic {
    const topic = `omqtt/reply/${hex(randomBytes())}`;
    if (this.#replies !== undefined && !this.#replies.subscription.isEnded) return this.#replies;
    const subscription = this.#client.subscribe(topic, { qos: 1, ack: 'on-receipt' }, (message) => {
      // Late, or not ours: nobody waits for it.
      this.#pending.get((message.properties.correlationData ?? NOTHING).join())?.(message);
    });
    this.#replies = { topic, subscription };
    return this.#replies;
  }
}

const NOTHING = new Uint8Array(0);

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

// Not to be guessed: who knows the topic can answer in the name of others.
function randomBytes(): Uint8Array {
  return crypto.getRandomValues(new Uint8Array(CORRELATION_BYTES));
}
