/** The errors that the session settles operations with. Recognise them by `code`. */
import { MqttError, reasonName, type UserProperty } from '@omqtt/codec';

/** What a packet with a failure said about it. */
export interface Refusal {
  readonly reasonCode: number;
  readonly reasonString?: string | undefined;
  readonly userProperties?: readonly UserProperty[] | undefined;
}

function explain({ reasonCode, reasonString }: Refusal): string {
  const text = reasonString === undefined ? '' : `: ${JSON.stringify(reasonString)}`;
  return `0x${reasonCode.toString(16).padStart(2, '0')} ${reasonName(reasonCode)}${text}`;
}

abstract class RefusedError extends MqttError {
  override readonly reasonCode: number;
  readonly reasonString?: string;
  readonly userProperties: readonly UserProperty[];

  constructor(what: string, refusal: Refusal, advice: string = '') {
    super(`${what}: ${explain(refusal)}${advice}`);
    this.reasonCode = refusal.reasonCode;
    if (refusal.reasonString !== undefined) this.reasonString = refusal.reasonString;
    this.userProperties = refusal.userProperties ?? [];
  }
}

const OTHER_VERSION = "; version: 'auto' tries 5.0, then 3.1.1";

/** The server answered CONNECT with a refusal. */
export class ConnectRefusedError extends RefusedError {
  override readonly code = 'connect-refused';
  override readonly retryable: boolean;
  /** Where to go instead, with 0x9C and 0x9D. */
  readonly serverReference?: string;

  constructor(refusal: Refusal & { readonly serverReference?: string | undefined; readonly retryable: boolean }) {
    super('the server refused the connection', refusal, refusal.reasonCode === 0x84 ? OTHER_VERSION : '');
    this.retryable = refusal.retryable;
    if (refusal.serverReference !== undefined) this.serverReference = refusal.serverReference;
  }
}

/** The server ended the connection with a DISCONNECT. */
export class ServerDisconnectError extends RefusedError {
  override readonly code = 'server-disconnect';
  override readonly retryable: boolean;
  readonly serverReference?: string;

  constructor(refusal: Refusal & { readonly serverReference?: string | undefined; readonly retryable: boolean }) {
    super('the server ended the connection', refusal);
    this.retryable = refusal.retryable;
    if (refusal.serverReference !== undefined) this.serverReference = refusal.serverReference;
  }
}

/** The server did not take the message. */
export class PublishRefusedError extends RefusedError {
  override readonly code = 'publish-refused';
  readonly topic: string;

  constructor(topic: string, refusal: Refusal) {
    super(`the server refused the message to ${JSON.stringify(topic)}`, refusal);
    this.topic = topic;
  }
}

/** The server refused at least one of the filters; the others are subscribed to. */
export class SubscribeError extends RefusedError {
  override readonly code = 'subscribe-refused';
  /** The reason code of each refused filter. */
  readonly failures: ReadonlyMap<string, number>;

  constructor(failures: ReadonlyMap<string, number>, refusal: Refusal) {
    super(`the server refused ${[...failures.keys()].map((filter) => JSON.stringify(filter)).join(', ')}`, refusal);
    this.failures = failures;
  }
}

/** The peer broke the protocol; the connection is closed. */
export class ProtocolError extends MqttError {
  override readonly code = 'protocol-error';
  override readonly retryable = true;
  override readonly reasonCode: number;
  readonly statement?: string;

  constructor({ message, reasonCode = 0x82, statement }: ProtocolErrorFacts) {
    super(`the server broke the protocol: ${message}${statement === undefined ? '' : ` [${statement}]`}`);
    this.reasonCode = reasonCode;
    if (statement !== undefined) this.statement = statement;
  }
}

export interface ProtocolErrorFacts {
  readonly message: string;
  readonly reasonCode?: number;
  readonly statement?: string;
}

/** What the server said in CONNACK that it does not do. */
export type ServerLimit =
  | 'qos'
  | 'retain'
  | 'packet-size'
  | 'wildcard-subscriptions'
  | 'shared-subscriptions'
  | 'subscription-identifiers'
  | 'topic-alias';

/** The server announced that it would refuse this, so it was not sent. */
export class ServerLimitError extends MqttError {
  override readonly code = 'server-limit';
  readonly limit: ServerLimit;
  readonly asked: number;
  readonly allowed: number;

  constructor(limit: ServerLimit, asked: number, allowed: number) {
    super(`the server does not accept it: ${limit} of ${asked} was asked, ${allowed} is allowed`);
    this.limit = limit;
    this.asked = asked;
    this.allowed = allowed;
  }
}

/** The server has forgotten the session, and with it whether the message arrived. */
export class SessionLostError extends MqttError {
  override readonly code = 'session-lost';
  readonly topic: string;

  constructor(topic: string) {
    super(
      `the server lost the session while the message to ${JSON.stringify(topic)} was on its way: whether it arrived ` +
        'is unknown; publish it again if twice is better than never',
    );
    this.topic = topic;
  }
}

/** The server resumed a session of which this client knows nothing [MQTT-3.2.2-4]. */
export class UnknownSessionError extends MqttError {
  override readonly code = 'unknown-session';
  override readonly reasonCode = 0x82;

  constructor() {
    super(
      'the server holds a session for this client id, and this client has no record of it: give the session a durable ' +
        'store, start with `cleanStart: true`, or take the session over with `session.adopt: true`',
    );
  }
}

/** The message waited longer than its Message Expiry Interval, and was not sent. */
export class MessageExpiredError extends MqttError {
  override readonly code = 'message-expired';

  constructor(topic: string) {
    super(`the message to ${JSON.stringify(topic)} expired before it could be sent`);
  }
}

/** The message gave way to others, or was not taken, because the queue was full or there was no connection. */
export class MessageDroppedError extends MqttError {
  override readonly code = 'message-dropped';
  override readonly retryable = true;
  readonly why: 'queue-full' | 'replaced' | 'offline';

  constructor(topic: string, why: 'queue-full' | 'replaced' | 'offline') {
    super(`the message to ${JSON.stringify(topic)} was dropped: ${why}`);
    this.why = why;
  }
}

/** The wait has ended, but not the message; `cause` says why. */
export class MessageKeptError extends MqttError {
  override readonly code = 'message-kept';

  constructor(topic: string, cause: MqttError) {
    super(
      `whether the message to ${JSON.stringify(topic)} arrives is still open: it is kept, and goes on when this session ` +
        'has a connection again, so publishing it anew might double it',
      { cause },
    );
  }
}

/** The queue of messages that wait is full. */
export class QueueFullError extends MqttError {
  override readonly code = 'queue-full';
  override readonly retryable = true;

  constructor(messages: number, bytes: number) {
    super(`${messages} messages of ${bytes} bytes wait to be sent: wait for room, or raise \`offline\``);
  }
}

/** The connection ended; what was asked of it cannot be had. */
export class ConnectionLostError extends MqttError {
  override readonly code = 'connection-lost';
  override readonly retryable = true;

  constructor(cause?: unknown) {
    super('the connection was lost', cause === undefined ? undefined : { cause });
  }
}

/** The server did not answer in time. */
export class KeepAliveTimeoutError extends MqttError {
  override readonly code = 'keep-alive-timeout';
  override readonly retryable = true;

  constructor(silentMs: number) {
    super(`the server has been silent for ${silentMs} ms, and did not answer a ping`);
  }
}

/** Enhanced authentication did not succeed. */
export class AuthenticationError extends MqttError {
  override readonly code = 'authentication-failed';

  constructor(message: string, cause?: unknown) {
    super(`authentication failed: ${message}`, cause === undefined ? undefined : { cause });
  }
}

/** MQTT 3.1.1 has no place for what was asked. */
export class OnlyInV5Error extends MqttError {
  override readonly code = 'only-in-5.0';

  constructor(what: string) {
    super(`${what} needs MQTT 5.0, and this connection speaks 3.1.1`);
  }
}

/** The call makes no sense in the state that the client is in. */
export class InvalidStateError extends MqttError {
  override readonly code = 'invalid-state';
}
