import type { DialPhase, TransportError, TransportErrorCode } from '@omqtt/contracts';

export interface TransportErrorFacts {
  readonly code: TransportErrorCode;
  readonly phase: DialPhase;
  readonly retryable: boolean;
  readonly cause?: unknown;
}

/** What this transport rejects with, and what ends a connection out of order. Recognise it by `code`. */
export class WebSocketTransportError extends Error implements TransportError {
  override readonly name = 'WebSocketTransportError';
  readonly code: TransportErrorCode;
  readonly phase: DialPhase;
  readonly retryable: boolean;

  constructor(message: string, { code, phase, retryable, cause }: TransportErrorFacts) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    this.phase = phase;
    this.retryable = retryable;
  }
}

/** What was asked for cannot work, now or later. */
export function invalidTarget(message: string, cause?: unknown): WebSocketTransportError {
  return new WebSocketTransportError(message, { code: 'invalid-target', phase: 'options', retryable: false, cause });
}

/** What was asked for can work, but not here. */
export function unsupported(message: string): WebSocketTransportError {
  return new WebSocketTransportError(message, { code: 'unsupported', phase: 'options', retryable: false });
}

/** The caller gave up; whether a later try makes sense is the caller's to say. */
export function aborted(signal: AbortSignal, phase: DialPhase): WebSocketTransportError {
  const message = `The connection was given up in the phase ${phase}.`;
  return new WebSocketTransportError(message, { code: 'aborted', phase, retryable: true, cause: signal.reason });
}

/** The server answered, but does not take MQTT over WebSocket at this address. */
export function refused(message: string, retryable = false): WebSocketTransportError {
  return new WebSocketTransportError(message, { code: 'websocket-refused', phase: 'websocket', retryable });
}

/** The peer broke a rule of an open WebSocket. It may be better after a new start. */
export function brokenProtocol(message: string, cause?: unknown): WebSocketTransportError {
  return new WebSocketTransportError(message, { code: 'websocket-protocol', phase: 'open', retryable: true, cause });
}

/** An open connection ended, and neither side had said that it would. */
export function connectionLost(message: string, cause?: unknown): WebSocketTransportError {
  return new WebSocketTransportError(message, { code: 'connection-lost', phase: 'open', retryable: true, cause });
}
