/** What a bridge is started with: complete, after the defaults of the schema were filled in. */
import type { Dial, Logger } from 'omqtt';
import type { AccessConfig } from '../access/access-config.ts';

export interface BridgeConfig {
  readonly http: HttpConfig;
  readonly docs: DocsConfig;
  readonly ops: OpsConfig;
  /** By name; the first one is meant where a request names none. */
  readonly brokers: Readonly<Record<string, BrokerConfig>>;
  readonly publish: PublishConfig;
  readonly retained: RetainedConfig;
  readonly requests: RequestsConfig;
  readonly access: AccessConfig;
  readonly outbox: OutboxConfig;
  readonly idempotency: IdempotencyConfig;
  readonly streams: StreamsConfig;
}

export interface HttpConfig {
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  readonly bodyLimitBytes: number;
  readonly keepAliveSeconds: number;
  readonly trustProxy: boolean;
  /** Origins whose pages may call the bridge. */
  readonly corsOrigins: readonly string[];
  /** How late the event loop may be before new requests are refused. */
  readonly maximumLoopDelayMs: number;
}

export interface DocsConfig {
  /** Where `/docs` can be read. `open-access`: where nobody has to say who they are. */
  readonly page: 'open-access' | 'always' | 'never';
}

export interface OpsConfig {
  readonly enabled: boolean;
  readonly host: string;
  readonly port: number;
  /** How long everything is still served after `/readyz` has said no, so that whoever asks it can turn elsewhere. */
  readonly unreadyMs: number;
  /** How long a drain may take. */
  readonly drainMs: number;
}

export interface BrokerConfig {
  readonly url: string;
  readonly version: '5.0' | '3.1.1';
  readonly username?: string;
  readonly password?: string;
  readonly clientIdPrefix: string;
  /** Connections that share the topics of published messages. */
  readonly connections: number;
  readonly keepAliveSeconds: number;
  readonly connectTimeoutMs: number;
  /** The broker keeps the session so long, so that a short outage loses nothing that was on its way. */
  readonly sessionExpirySeconds: number;
  readonly reconnectMaxMs: number;
}

export interface PublishConfig {
  readonly ackTimeoutMs: number;
  readonly maximumAckTimeoutMs: number;
  /** On one connection, within what the broker allows. */
  readonly maximumInFlight: number;
  /** Of the payloads without acknowledgement on one connection; a single larger one passes alone. */
  readonly maximumInFlightBytes: number;
  /** Messages that may wait for their turn on one connection; one more is refused. */
  readonly maximumWaiting: number;
  readonly maximumWaitingBytes: number;
  /** Messages in one batch, and on their way from one stream. */
  readonly maximumBatch: number;
}

export interface OutboxConfig {
  readonly enabled: boolean;
  /** A folder on a local disk, of this replica alone. */
  readonly path: string;
  readonly maximumMessages: number;
  readonly maximumBytes: number;
  readonly acceptTimeoutMs: number;
  /** How long the broker keeps what it knows of these messages. */
  readonly sessionExpirySeconds: number;
  /** Of how many the outcome is remembered. */
  readonly rememberedMessages: number;
}

export interface IdempotencyConfig {
  readonly rememberMs: number;
  readonly maximumKeys: number;
}

export interface RequestsConfig {
  /** From the question to the answer. */
  readonly timeoutMs: number;
  readonly maximumTimeoutMs: number;
  /** Questions that may wait for their answers. */
  readonly maximumPending: number;
}

export interface RetainedConfig {
  /** How long a broker may take to come up with a retained message: MQTT has no way to say that there is none. */
  readonly waitMs: number;
  /** How long a caller may wait for a change. */
  readonly maximumWaitMs: number;
  readonly maximumMessages: number;
  readonly maximumBytes: number;
}

export interface StreamsConfig {
  readonly maximumStreams: number;
  readonly maximumFilters: number;
  readonly heartbeatMs: number;
  /** ± 20 %. */
  readonly maximumAgeMs: number;
  /** What may wait for one reader. */
  readonly readerBufferBytes: number;
  readonly ringMessages: number;
  readonly ringBytes: number;
  /** How long a filter stays subscribed after its last reader has left, so that it can resume. */
  readonly lingerMs: number;
  /** Filters that are subscribed to for streams at one broker, those that linger among them. */
  readonly maximumHubFilters: number;
  /** How long a broker keeps the session of a reader who is away. */
  readonly sessionExpirySeconds: number;
  /** Messages on their way to one reader of a session. */
  readonly sessionWindow: number;
}

/** The parts of a bridge that no file can hold. */
export interface BridgeParts {
  readonly logger?: Logger;
  /** Another transport to the brokers. Default: by the scheme of the URL. */
  readonly dial?: Dial;
}

type Partially<Section> = unknown extends Section
  ? Section
  : Section extends string | number | boolean
    ? Section
    : Section extends readonly (infer Item)[]
      ? readonly Partially<Item>[]
      : { readonly [Name in keyof Section]?: Partially<Section[Name]> };

/** What `startBridge` takes: everything has a default but the brokers; without any, an embedded one is started. */
export type BridgeOptions = Partially<Omit<BridgeConfig, 'brokers'>> &
  BridgeParts & {
    readonly brokers?: Readonly<Record<string, Partially<BrokerConfig> & Pick<BrokerConfig, 'url'>>>;
  };
