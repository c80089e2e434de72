/** The errors of the client itself; those of the session stand in `session/errors.ts`. */
import { MqttError } from '@omqtt/codec';

/** An option does not exist, or has a value that makes no sense. */
export class InvalidOptionError extends MqttError {
  override readonly code = 'invalid-option';
  readonly option: string;

  constructor(option: string, what: string) {
    super(`option \`${option}\` ${what}`);
    this.option = option;
  }
}

/** The transport could not connect; `cause` says why. */
export class DialError extends MqttError {
  override readonly code = 'dial-failed';
  override readonly retryable: boolean;

  constructor(cause: unknown) {
    super(`could not connect: ${messageOf(cause)}`, { cause });
    this.retryable = !(cause instanceof Error && 'retryable' in cause && cause.retryable === false);
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

/** The store did not take what had to be kept. */
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

/** Nobody took the request: there is no subscriber to its topic (0x10). */
export class NoResponderError extends MqttError {
  override readonly code = 'no-responder';
  override readonly reasonCode = 0x10;

  constructor(topic: string) {
    super(`nobody is subscribed to ${JSON.stringify(topic)}, so nobody will answer`);
  }
}

/** Turns whatever was thrown into one of ours. */
export function toMqttError(error: unknown): MqttError {
  return error instanceof MqttError ? error : new DialError(error);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
