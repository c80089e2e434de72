/** A small client in the style of embedded ones: MQTT 3.1.1, one callback, and messages are taken when you ask for them. */
import type { QoS } from '@omqtt/codec';
import type { SessionStore } from '@omqtt/contracts';
import { InvalidStateError, type Payload } from '@omqtt/core';
import { memoryStore } from '@omqtt/store-memory';
import { createClient } from '../connect.ts';
import type { V3Client, V3ClientOptions, V3Subscription } from '../versions.ts';
import { Inbox, type Wait } from './inbox.ts';
import { refuseUnknown } from './refuse-unknown.ts';

export interface SimpleOptions extends Pick<V3ClientOptions, 'headers' | 'keepAliveSeconds' | 'proxy' | 'tls'> {
  /** The name by which the server knows this client, and its session. */
  readonly clientId: string;
  /** Such as `mqtt://localhost`. */
  readonly url: string;
  /** Default: none is sent. */
  readonly username?: string;
  /** A text is sent as UTF-8. */
  readonly password?: string | Uint8Array;
}

export type MessageCallback = (topic: string, payload: Uint8Array) => unknown;

interface MessageOptions {
  /** Default: false. */
  readonly retain?: boolean;
  /** Default: 0. */
  readonly qos?: QoS;
}

/** Connects when told to, and never by itself: after a loss, `waitMessage` rejects, and `connect` begins anew. */
export class SimpleClient {
  readonly #options: SimpleOptions;
  /** Outlives the connections, so that what was on its way is not lost with them. */
  readonly #store: SessionStore = memoryStore();
  readonly #subscriptions = new Map<string, V3Subscription>();
  #inbox = new Inbox();
  #callback: MessageCallback | undefined;
  #will: V3ClientOptions['will'];
  #client: V3Client | undefined;

  constructor(options: SimpleOptions) {
    this.#options = options;
  }

  get isConnected(): boolean {
    return this.#client?.isConnected ?? false;
  }

  /** What `waitMessage` and `checkMessage` hand messages to. */
  setCallback(callback: MessageCallback): void {
    this.#callback = callback;
  }

  /** What the server publishes when this client disappears. Before `connect`. */
  setLastWill(topic: string, payload: string | Uint8Array, options: MessageOptions = {}): void {
    refuseUnknown(options, ['qos', 'retain']);
    this.#will = { topic, payload, ...options };
  }

  /** Resolves with whether the server kept a session, which it does when `cleanSession` is false. */
  async connect(options: { readonly cleanSession?: boolean; readonly timeoutMs?: number } = {}): Promise<boolean> {
    refuseUnknown(options, ['cleanSession', 'timeoutMs']);
    const { cleanSession = true, timeoutMs = 5000 } = options;
    await this.#client?.close();
    const { url, username, password, ...rest } = this.#options;
    const inbox = new Inbox();
    const client = createClient(url, {
      ...rest,
      version: '3.1.1',
      cleanStart: cleanSession,
      connectTimeoutMs: timeoutMs,
      reconnect: false,
      credentials: { ...(username !== undefined && { username }), ...(password !== undefined && { password }) },
      ...(this.#will && { will: this.#will }),
      ...(!cleanSession && { session: { store: this.#store } }),
    });
    client.on('status', (status) => {
      if (status.type === 'disconnected' || status.type === 'closed') {
        inbox.end(status.type === 'disconnected' ? status.error : undefined);
      }
    });
    this.#inbox = inbox;
    this.#subscriptions.clear();
    this.#client = client;
    try {
      return (await client.connect()).sessionPresent;
    } catch (error) {
      await client.close();
      throw error;
    }
  }

  /** Resolves when the server has it, at QoS 1 and 2; at QoS 0 when it is handed to the network. */
  async publish(topic: string, payload: Payload, options: MessageOptions = {}): Promise<void> {
    refuseUnknown(options, ['qos', 'retain']);
    await this.#connected('publish').publish(topic, payload, options);
  }

  /** Needs a callback. Resolves with the QoS that the server granted. */
  async subscribe(filter: string, wish: { readonly qos?: QoS } = {}): Promise<QoS> {
    refuseUnknown(wish, ['qos']);
    const { qos = 0 } = wish;
    if (this.#callback === undefined) throw new InvalidStateError('set a callback before you subscribe');
    const inbox = this.#inbox;
    // Exclusive: a message that several filters match is handed over once.
    const options = { qos, ack: 'manual', exclusive: true } as const;
    const subscription = this.#connected('subscribe').subscribe(filter, options, (message) => inbox.put(message));
    const [grant] = await subscription.ready;
    this.#subscriptions.get(filter)?.detach();
    this.#subscriptions.set(filter, subscription);
    return grant?.qos ?? 0;
  }

  async unsubscribe(filter: string): Promise<void> {
    this.#connected('unsubscribe');
    const subscription = this.#subscriptions.get(filter);
    this.#subscriptions.delete(filter);
    await subscription?.unsubscribe();
  }

  /** The round trip in milliseconds. Nobody has to call it: the connection is kept alive all the same. */
  ping(wait?: Wait): Promise<number> {
    return this.#connected('ping').ping(wait);
  }

  /**
   * Waits for one message and hands it to the callback; acknowledges it when the callback has ended without an error.
   * Rejects with that error, or when the connection is lost or the time is over.
   */
  async waitMessage(wait: Wait = {}): Promise<void> {
    refuseUnknown(wait, ['signal', 'timeoutMs']);
    await this.#handle(await this.#inbox.take(wait));
  }

  /** The same if there is a message; false if there is none. */
  async checkMessage(): Promise<boolean> {
    const message = this.#inbox.poll();
    if (message === undefined) return false;
    await this.#handle(message);
    return true;
  }

  /** In order, so that the server does not publish the will. */
  async disconnect(): Promise<void> {
    await this.#client?.close();
    this.#client = undefined;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.disconnect();
  }

  async #handle(message: Awaited<ReturnType<Inbox['take']>>): Promise<void> {
    await this.#callback?.(message.topic, message.payload);
    message.ack();
  }

  #connected(what: string): V3Client {
    if (this.#client === undefined) throw new InvalidStateError(`connect before you ${what}`);
    return this.#client;
  }
}
