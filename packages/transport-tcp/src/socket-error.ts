/** The error of this package, and the reasons for it that need no socket. */
import type { DialPhase, TransportError, TransportErrorCode } from '@omqtt/contracts';

export interface SocketErrorFacts {
  readonly code: TransportErrorCode;
  readonly phase: DialPhase;
  readonly retryable: boolean;
  /** What happened, and what to do. Never holds a password. */
  readonly message: string;
  readonly cause?: unknown;
}

/** Why there is no connection, or no longer one. Recognise it by its `code`. */
export class SocketError extends Error implements TransportError {
  override readonly name = 'SocketError';
  readonly code: TransportErrorCode;
  readonly phase: DialPhase;
  readonly retryable: boolean;

  constructor({ code, phase, retryable, message, cause }: SocketErrorFacts) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    this.phase = phase;
    this.retryable = retryable;
  }
}

/** What was asked for cannot work, whatever the network does. */
export function invalidTarget(message: string, cause?: unknown): SocketError {
  return new SocketError({ code: 'invalid-target', phase: 'options', retryable: false, message, cause });
}

/** The caller gave up, which says nothing about the next attempt. */
export function aborted(phase: DialPhase, signal: AbortSignal): SocketError {
  const message = `Connecting was aborted in its phase "${phase}".`;
  return new SocketError({ code: 'aborted', phase, retryable: true, message, cause: signal.reason });
}
