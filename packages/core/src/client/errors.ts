/** The errors of the client itself; those of the session stand in `session/errors.ts`. */
import { MqttError } from '@omqtt/codec';
import type { DialPhase, TransportError } from '@omqtt/contracts';

/** An option does not exist, or has a value that makes no sense. */
export class InvalidOptionError extends MqttError {
  override readonly code = 'invalid-option';
  readonly option: string;

  constructor(option: string, what: string) {
    super(`option \`${option}\` ${what}`);
    this.option = option;
  }
}

/** There is no connection to the server; `cause` says why, and `phase` how far the attempt came. */
export class DialError extends MqttError {
  override readonly code = 'dial-failed';
  override readonly retryable: boolean;
  readonly phase: DialPhase;

  constructor(cause: unknown, phase: DialPhase = 'connect') {
    super(`could not connect: ${messageOf(cause)}`, { cause });
    const { retryable, phase: found } = (cause ?? {}) as Partial<TransportError>;
    this.retryable = retryable !== false;
    this.phase = found ?? phase;
  }
}

/**
 * The server ended several connections in a row, each soon after it stood and without a word. In 3.1.1, where it has no
 * words, that is what a second client with the same id looks like. `cause` is the last end.
 */
export class ContestedClientIdError extends MqttError {
  override readonly code = 'client-id-contested';
  override readonly retryable = true;
  /** How many connections in a row. */
  readonly connections: number;

  constructor(connections: number, cause: MqttError) {
    const what = `the server ended ${connections} connections in a row soon after they stood`;
    super(`${what}: perhaps another client has the same client id, so give each its own`, { cause });
    this.connections = connections;
  }
}

/** It took longer than allowed. What was sent is finished all the same; only the waiting has ended. */
export class TimeoutError extends MqttError {
  override readonly code = 'timed-out';
  override readonly retryable = true;

  constructor(what: string, timeoutMs: number) {
    super(`${what} took longer than ${timeoutMs} ms`);
  }
}

/** The signal of the call was aborted; `cause` is its reason. */
export class AbortedError extends MqttError {
  override readonly code = 'aborted';

  constructor(what: string, cause: unknown) {
    super(`${what} was aborted`, { cause });
  }
}

/** The client was closed, and everything that waited with it. */
export class ClientClosedError extends MqttError {
  override readonly code = 'client-closed';

  constructor(cause?: unknown) {
    super('the client is closed', cause === undefined ? undefined : { cause });
  }
}

/** There is no connection, and what was asked cannot wait for one. */
export class NotConnectedError extends MqttError {
  override readonly code = 'not-connected';
  override readonly retryable = true;

  constructor(what: string, cause?: unknown) {
    super(`${what} needs a connection`, cause === undefined ? undefined : { cause });
  }
}

/**
 * The store did not take what had to be kept, or could not be opened; `cause` says why. With `store-full` only the new
 * message fails. After any other failure the connection is made again, and the store is tried again with it; when its
 * database is gone, close the client and make a new one.
 */
export class StoreFailedError extends MqttError {
  override readonly code = 'store-failed';
  override readonly retryable = true;

  constructor(cause: unknown) {
    super(`the session store failed: ${messageOf(cause)}`, { cause });
  }
}

/** The subscription was ended, or a later call with the same filter took its place. */
export class SubscriptionEndedError extends MqttError {
  override readonly code = 'subscription-ended';

  constructor(filters: readonly string[]) {
    super(`the subscription to ${filters.map((filter) => JSON.stringify(filter)).join(', ')} has ended`);
  }
}

/**
 * A resumed session brought messages that nobody declared a subscription for: within the time, or more of them than are
 * held. They stay with the server. The next connections come with growing delays.
 */
export class UndeclaredMessagesError extends MqttError {
  override readonly code = 'undeclared-messages';
  override readonly retryable: boolean;

  constructor(messages: number, retryable: boolean) {
    super(
      `the resumed session brought ${messages} messages or more that nobody has subscribed to: subscribe before ` +
        'connecting, unsubscribe from what is not wanted any more, refuse them with `session.undeclared: "refuse"`, or ' +
        'begin with `cleanStart: true`',
    );
    this.retryable = retryable;
  }
}

/** Nobody took the request: there is no subscriber to its topic (0x10). */
export class NoResponderError extends MqttError {
  override readonly code = 'no-responder';
  override readonly reasonCode = 0x10;

  constructor(topic: string) {
    super(`nobody is subscribed to ${JSON.stringify(topic)}, so nobody will answer`);
  }
}

/** As many requests as may be open wait for their answers. */
export class TooManyRequestsError extends MqttError {
  override readonly code = 'too-many-requests';
  override readonly retryable = true;

  constructor(maxRequests: number) {
    super(`${maxRequests} requests wait for their answers: wait for one of them, or raise \`maxRequests\``);
  }
}

/** Turns whatever was thrown into one of ours. */
export function toMqttError(error: unknown): MqttError {
  return error instanceof MqttError ? error : new DialError(error, 'options');
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
