/** What a client offers, by the version that it speaks: what only 5.0 has does not compile on the others. */
import type {
  AcceptedMessage,
  Client,
  ClientOptions,
  ConnectionSnapshot,
  Message,
  Payload,
  PublishCallback,
  PublishOptions,
  PublishReceipt,
  SessionChoices,
  SubscribeOptions,
  Subscription,
  WaitOptions,
  WillOptions,
} from '@omqtt/core';

/** The options of a client that speaks 3.1.1. `cleanStart: false` makes the session outlive its connection. */
export interface V3ClientOptions extends Omit<ClientOptions, OnlyInV5Options | 'version' | 'session' | 'will'> {
  /** What only 5.0 has does not compile then. */
  readonly version: '3.1.1';
  /** As in 5.0, but the server alone decides how long it keeps the session. */
  readonly session?: Omit<SessionChoices, 'expirySeconds' | 'undeclared'>;
  /** As in 5.0, without delay and properties. */
  readonly will?: Omit<WillOptions, 'delaySeconds' | 'properties'>;
}

type OnlyInV5Options = 'auth' | 'properties' | 'publish' | 'topicAliasMaximum' | 'followRedirects';

export type V3PublishOptions = Omit<PublishOptions, 'properties' | 'alias'>;

export type V3SubscribeOptions = Omit<
  SubscribeOptions,
  'noLocal' | 'retainAsPublished' | 'retainHandling' | 'identifier' | 'userProperties'
>;

export interface V3Message extends Omit<Message, 'properties' | 'userProperties' | 'nack'> {
  /** 3.1.1 cannot say no: to the server it is done with all the same. */
  nack(): boolean;
}

export type V3MessageHandler = (message: V3Message) => unknown;

export interface V3Subscription
  extends Omit<Subscription, 'next' | 'poll' | 'options' | typeof Symbol.asyncIterator>, AsyncIterable<V3Message> {
  next(wait?: WaitOptions): Promise<V3Message>;
  poll(): V3Message | undefined;
}

export type V3ConnectionSnapshot = Omit<ConnectionSnapshot, 'properties'>;

/** A client that speaks 3.1.1. */
export interface V3Client extends Omit<Client, OnlyInV5 | ReplacedInV3> {
  connect(wait?: WaitOptions): Promise<V3ConnectionSnapshot>;
  readonly connection: V3ConnectionSnapshot | undefined;
  publish(topic: string, payload: Payload, callback: PublishCallback): void;
  publish(topic: string, payload: Payload, options: V3PublishOptions, callback: PublishCallback): void;
  publish(topic: string, payload: Payload, options?: V3PublishOptions): Promise<PublishReceipt>;
  enqueue(topic: string, payload: Payload, options?: V3PublishOptions): Promise<AcceptedMessage>;
  subscribe(
    filters: string | readonly string[],
    options?: V3SubscribeOptions,
    handler?: V3MessageHandler,
  ): V3Subscription;
  subscribe(filters: string | readonly string[], handler: V3MessageHandler): V3Subscription;
  disconnect(): Promise<void>;
}

type OnlyInV5 = 'request' | 'respond' | 'reauthenticate';
type ReplacedInV3 = 'connect' | 'connection' | 'publish' | 'enqueue' | 'subscribe' | 'disconnect';

/** A client that speaks 5.0 or 3.1.1, as the server likes: what both have. `isV5` opens the rest. */
export interface AnyVersionClient extends V3Client {
  readonly connection: (V3ConnectionSnapshot & Pick<ConnectionSnapshot, 'version'>) | undefined;
}

/** Whether the present connection speaks 5.0; then the client has all that 5.0 has. */
export function isV5(client: AnyVersionClient): client is AnyVersionClient & Client {
  return client.connection?.version === '5.0';
}
