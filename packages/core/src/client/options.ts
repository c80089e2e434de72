/** What a client is made with: partial at the edge, complete inside. */
import type { ConnectProperties, PublishProperties, QoS, WillProperties } from '@omqtt/codec';
import type { Clock, Dial, Logger, SessionStore, TlsOptions } from '@omqtt/contracts';
import type { AuthMechanism } from '../authentication/mechanism.ts';
import type { LostMessage, WhenFull, WhenLost } from '../session/index.ts';
import type { PacketHook } from './hooks.ts';

export type VersionChoice = '5.0' | '3.1.1' | 'auto';

/** Computed anew for each attempt to connect, so that a token is never stale. */
export type Provider<Value> = Value | ((attempt: AttemptContext) => Value | Promise<Value>);

export interface AttemptContext {
  /** 1 for the first attempt of an outage. */
  readonly attempt: number;
  /** What ended the attempt or the connection before. */
  readonly lastError: Error | undefined;
  /** Aborted when the attempt is given up. */
  readonly signal: AbortSignal;
}

export interface Credentials {
  readonly username?: string;
  /** A text is sent as UTF-8. */
  readonly password?: string | Uint8Array;
  /**
   * When they expire, in milliseconds since 1970. When 80 to 90 % of the time is over, and 10 seconds at least, the client
   * ends the connection in order and connects again with fresh ones; give the session an expiry, so that it is kept.
   */
  readonly expiresAt?: number;
}

export interface WillOptions {
  /** Where the will is published: a topic without wildcards. */
  readonly topic: string;
  /** A text is sent as UTF-8. */
  readonly payload: string | Uint8Array;
  /** Default: 0. */
  readonly qos?: QoS;
  /** Default: false. */
  readonly retain?: boolean;
  /** How long the server waits before it publishes the will; 5.0 only. */
  readonly delaySeconds?: number;
  /** Properties of the will; 5.0 only. */
  readonly properties?: Omit<WillProperties, 'willDelaySeconds'>;
}

export interface SessionChoices {
  /** How long the server keeps the session after the connection ended. Default: 0, it ends with it. */
  readonly expirySeconds?: number;
  /** Keeps what must outlive the connection, or the process. Default: the memory of this client. */
  readonly store?: SessionStore;
  /** Default: QoS 1 is published again, QoS 2 fails: the guarantee decides. */
  readonly whenLost?: Partial<WhenLost>;
  /** Take over a session that the server knows and this client does not. Default: false, as the standard demands. */
  readonly adopt?: boolean;
  /**
   * What becomes of messages of a resumed session whose subscription nobody has declared within 30 seconds. `end`: the
   * connection ends with `undeclared-messages`, and they stay with the server. `refuse`, in 5.0 only: they are
   * acknowledged with a failure, and gone for this client. Default: end.
   */
  readonly undeclared?: 'end' | 'refuse';
}

export interface ReconnectOptions {
  /** Default: 500. */
  readonly initialMs?: number;
  /** Default: 30 000. */
  readonly maxMs?: number;
  /** Default: 2. */
  readonly factor?: number;
  /** `full`: anywhere between 0 and the delay, so that a fleet does not come back at once. Default: full. */
  readonly jitter?: 'full' | 'none';
  /** Attempts in one outage. Default: Infinity. */
  readonly maxAttempts?: number;
  /** Keep trying when the very first connection fails. Default: false. */
  readonly initial?: boolean;
  /** The delays begin anew after a connection that lived so long. Default: 5 000. */
  readonly stableMs?: number;
  /** Also try again after this error? Default: what the error says (`retryable`), and after garbled bytes. */
  readonly shouldRetry?: (error: Error) => boolean;
}

export interface OfflineOptions {
  /** How many messages may wait to be sent. Default: 100 000. */
  readonly maxMessages?: number;
  /** How many bytes of topics and payloads may wait. Default: 64 MiB. */
  readonly maxBytes?: number;
  /**
   * What happens to one more. Default: `wait`, the publisher waits; those who publish without waiting are refused when
   * another 100 000 calls or 64 MiB wait.
   */
  readonly whenFull?: WhenFull;
  /** What happens to QoS 0 without a connection. Default: `drop`, with an error. */
  readonly qos0?: 'drop' | 'queue';
}

export interface ClientOptions {
  /** Default: `5.0`. `auto` tries 5.0, then 3.1.1 if the server refuses it. */
  readonly version?: VersionChoice;
  /** Default: empty, the server assigns one. */
  readonly clientId?: string;
  /** Begin a new session at the first connection. Default: true, unless the session has an expiry or a store. */
  readonly cleanStart?: boolean;
  /** Default: 60; 0 turns it off. */
  readonly keepAliveSeconds?: number;
  /** An unanswered ping ends the connection after so long. Default: 10 000. */
  readonly pingTimeoutMs?: number;
  /** From the look-up of the name to CONNACK. Default: 30 000. */
  readonly connectTimeoutMs?: number;
  /** How long the session lives, where it is kept, and what becomes of messages when it is lost. */
  readonly session?: SessionChoices;
  /** What the server publishes when this client goes without a goodbye. */
  readonly will?: WillOptions;
  /** User name and password, or what computes them for each attempt. */
  readonly credentials?: Provider<Credentials | undefined>;
  /** Proves who this is by an exchange of AUTH packets; 5.0 only. */
  readonly auth?: AuthMechanism;
  /** false: never. */
  readonly reconnect?: false | ReconnectOptions;
  /** Follow 0x9C and 0x9D to another server: all, or those that the function accepts. Default: false. */
  readonly followRedirects?: boolean | ((url: string) => boolean);
  /**
   * How many messages of QoS 1 and 2 may be unacknowledged here. Default: 1 000. 5.0 tells the server; 3.1.1 cannot, so
   * there nothing more is read for the time being, unless an answer of the server is waited for.
   */
  readonly receiveMaximum?: number;
  /**
   * How many messages of QoS 1 and 2 may be on their way to the server, within what it allows. Default: what it allows;
   * 20 in 3.1.1, where servers cannot say it, and some confirm more than they take.
   */
  readonly sendMaximum?: number;
  /** The largest packet to accept. Default: 268 435 460, what the protocol can express. */
  readonly maximumPacketBytes?: number;
  /** How many topic aliases the server may use. Default: 0. */
  readonly topicAliasMaximum?: number;
  /** More properties of CONNECT; 5.0 only. Response Information is asked for unless they say otherwise. */
  readonly properties?: Provider<ExtraConnectProperties | undefined>;
  /** How much may wait to be sent, and what happens to one more. */
  readonly offline?: OfflineOptions;
  /** Default for each message. */
  readonly publish?: { readonly properties?: PublishProperties };
  /**
   * What stands before a filter for the server alone: messages come, and are routed, without it. `$share/group/` always
   * is such a prefix. Default: `$queue/` and `$exclusive/`.
   */
  readonly filterPrefixes?: readonly string[];
  /** How many requests may wait for their answers; one more is refused. Default: 1 000. */
  readonly maxRequests?: number;
  /** For `mqtts:` on Node; a browser decides for itself. */
  readonly tls?: TlsOptions;
  /** The proxy on the way: `http://[user:password@]host:port`, `https://…`, `socks5://…`. */
  readonly proxy?: string;
  /** The address of this machine to come from, where the platform lets one choose. */
  readonly localAddress?: string;
  /** More headers for the WebSocket handshake; browsers have no way to send them. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Aborting it closes the client. */
  readonly signal?: AbortSignal;
  /** Hears what the client does. Default: nobody. */
  readonly logger?: Logger;
  /** Sees every packet, in and out. */
  readonly onPacket?: PacketHook;
  /**
   * Sees every message of QoS 1 and 2 that ended without arriving, and that nobody waits for: one of a process before
   * this one, or one whose wait was given up. Give it here, since the first may come with the connection.
   */
  readonly onMessageLost?: (lost: LostMessage) => void;
  /**
   * On Node: once connected, neither the connection nor a timer of the client keeps the process alive, so that a program
   * ends when it has nothing else to do, without a goodbye. Default: false.
   */
  readonly unref?: boolean;
  /** Where time comes from; for tests. Default: the platform. */
  readonly clock?: Clock;
  /** 0 to below 1; for jitter and names. Default: the platform's. */
  readonly random?: () => number;
}

export type ExtraConnectProperties = Pick<
  ConnectProperties,
  'userProperties' | 'requestProblemInformation' | 'requestResponseInformation'
>;

/** What `createClient` of core needs beyond the options of the user: where to go, and how. */
export interface ClientWiring {
  /** One URL, several to try in turn, or what computes them. */
  readonly url: Provider<string | readonly string[]>;
  readonly dial: Dial;
  /**
   * Where the platform tells that the network may have changed: calls back then, until what it returned is called. A
   * client that waits connects at once; one that is connected asks the server for a sign of life.
   */
  readonly watchNetwork?: ((onChange: () => void) => () => void) | undefined;
}
