/** Request and response (§4.10): one reply topic for the life of the client, and a correlation for each request. */
import { type MqttError, validateTopicName } from '@omqtt/codec';
import type { Clock } from '@omqtt/contracts';
import { OnlyInV5Error } from '../session/index.ts';
import type { Client } from './client.ts';
import { InvalidOptionError, NoResponderError, TooManyRequestsError } from './errors.ts';
import { checkNames } from './option-checks.ts';
import type { Message } from './message.ts';
import type { Payload } from './payload.ts';
import type { PublishOptions } from './publish-message.ts';
import type { SubscribeOptions } from './subscribe-options.ts';
import type { Subscription } from './subscription.ts';
import type { ResolvedOptions } from './resolve-options.ts';
import { type WaitOptions, within } from './wait-limit.ts';

export interface RequestOptions extends WaitOptions {
  /** Of the request and of the answer. Default: 1, where the server tells if nobody listens. */
  readonly qos?: 0 | 1 | 2;
  /** More properties of the request; where the answer goes is set by the client. */
  readonly properties?: Omit<NonNullable<PublishOptions['properties']>, 'responseTopic' | 'correlationData'>;
}

export type RespondOptions = Omit<SubscribeOptions, 'ack'>;

/** Returns the payload of the answer; `undefined` answers with an empty one. */
export type Responder = (request: Message) => Payload | undefined | Promise<Payload | undefined>;

const NAMES: ReadonlySet<string> = new Set(['qos', 'properties', 'timeoutMs', 'signal']);
const DEFAULT_TIMEOUT_MS = 30_000;
const CORRELATION_BYTES = 16;

interface ReplyTopic {
  readonly topic: string;
  readonly subscription: Subscription;
}

interface PendingRequest {
  readonly resolve: (answer: Message) => void;
  readonly reject: (error: MqttError) => void;
}

export class Requests {
  readonly #client: Client;
  readonly #clock: Clock;
  readonly #isV5: boolean;
  readonly #max: number;
  /** Told when the wait for an answer begins, and when it ends. */
  readonly #expect: (isExpected: boolean) => void;
  #pending: Map<string, PendingRequest> | undefined;
  #replies: ReplyTopic | undefined;

  constructor(
    client: Client,
    { clock, isV5, maxRequests }: Pick<ResolvedOptions, 'clock' | 'isV5' | 'maxRequests'>,
    expect: (isExpected: boolean) => void,
  ) {
    this.#client = client;
    this.#expect = expect;
    this.#clock = clock;
    this.#isV5 = isV5;
    this.#max = maxRequests;
  }

  async request(topic: string, payload: Payload, options: RequestOptions): Promise<Message> {
    checkNames(options, NAMES);
    validateTopicName(topic);
    if (!this.#isV5) throw new OnlyInV5Error('a request');
    const { timeoutMs = DEFAULT_TIMEOUT_MS, signal } = options;
    if ((this.#pending?.size ?? 0) >= this.#max) throw new TooManyRequestsError(this.#max);
    const correlationData = randomBytes();
    const key = correlationData.join();
    const giveUp = new AbortController();
    const limits = { clock: this.#clock, what: `the answer of ${JSON.stringify(topic)}`, timeoutMs, signal };
    this.#expect(true);
    try {
      // One limit over all its steps.
      return await within(this.#ask({ topic, payload, options, correlationData, key, signal: giveUp.signal }), limits);
    } finally {
      this.#expect(false);
      this.#pending?.delete(key);
      // Takes the request back if it has not left yet.
      giveUp.abort();
    }
  }

  async #ask({ topic, payload, options, correlationData, key, signal }: Ask): Promise<Message> {
    const pending = (this.#pending ??= new Map<string, PendingRequest>());
    const answer = new Promise<Message>((resolve, reject) => pending.set(key, { resolve, reject }));
    // Looked at below; until then nobody must be told that it was not handled.
    answer.catch(() => undefined);
    // Where the answers may come to is for the server to say.
    if (this.#replies === undefined) await Promise.race([this.#connected(signal), answer]);
    const replies = this.#open();
    // Not before the server listens for us: the answer might be faster.
    await replies.subscription.ready;
    const { topic: responseTopic } = replies;
    const properties = { ...options.properties, responseTopic, correlationData };
    const receipt = await this.#client.publish(topic, payload, { qos: options.qos ?? 1, properties, signal });
    if (!receipt.hadSubscribers) throw new NoResponderError(topic);
    return answer;
  }

  /** There will be no answers any more. */
  abandon(error: MqttError): void {
    for (const { reject } of this.#pending?.values() ?? []) reject(error);
    this.#pending = undefined;
  }

  respond(filter: string, responder: Responder, options: RespondOptions): Subscription {
    if (!this.#isV5) throw new OnlyInV5Error('an answer');
    if ('ack' in options) throw new InvalidOptionError('ack', 'is `on-success` for a responder');
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

  async #connected(signal: AbortSignal): Promise<void> {
    if (this.#client.isConnected) return;
    await new Promise<void>((resolve) => {
      const stop = this.#client.on('status', ({ type }) => {
        if (type === 'connected') resolve();
      });
      signal.addEventListener('abort', stop);
    });
  }

  /** Where the server has room for this client alone, if it says so. */
  #replyRoom(): string {
    const room = this.#client.connection?.properties.responseInformation ?? '';
    return room === '' || /[+#]/.test(room) ? 'omqtt/reply' : room.replace(/\/$/, '');
  }

  #open(): ReplyTopic {
    if (this.#replies !== undefined && !this.#replies.subscription.isEnded) return this.#replies;
    const topic = `${this.#replyRoom()}/${hex(randomBytes())}`;
    const subscription = this.#client.subscribe(topic, { qos: 1, ack: 'on-receipt' }, (message) => {
      // Late, or not ours: nobody waits for it.
      this.#pending?.get((message.properties.correlationData ?? NOTHING).join())?.resolve(message);
    });
    this.#replies = { topic, subscription };
    return this.#replies;
  }
}

interface Ask {
  readonly topic: string;
  readonly payload: Payload;
  readonly options: RequestOptions;
  readonly correlationData: Uint8Array;
  readonly key: string;
  readonly signal: AbortSignal;
}

const NOTHING = new Uint8Array(0);

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

// Not to be guessed: who knows the topic can answer in the name of others.
function randomBytes(): Uint8Array {
  return crypto.getRandomValues(new Uint8Array(CORRELATION_BYTES));
}
