import type { DialPhase, TransportError, TransportErrorCode } from '@omqtt/contracts';

/** A `TransportError` with the phase and the `retryable` that its code usually has. */
export function transportError(code: TransportErrorCode, message = `The test says ${code}`): TransportError {
  return new TransportFailure(code, message);
}

/** What transports reject with, made by hand: for refused dials and lost connections of a test. */
class TransportFailure extends Error implements TransportError {
  override readonly name = 'TransportFailure';
  readonly code: TransportErrorCode;
  readonly phase: DialPhase;
  readonly retryable: boolean;

  constructor(code: TransportErrorCode, message: string) {
    super(message);
    this.code = code;
    this.phase = phases[code];
    this.retryable = !permanent.has(code);
  }
}

const phases: Readonly<Record<TransportErrorCode, DialPhase>> = {
  'invalid-target': 'options',
  'name-not-found': 'dns',
  'connection-refused': 'connect',
  unreachable: 'connect',
  'connection-lost': 'open',
  'proxy-failed': 'proxy',
  'tls-failed': 'tls',
  'certificate-not-trusted': 'tls',
  'websocket-refused': 'websocket',
  'websocket-protocol': 'websocket',
  aborted: 'connect',
  unsupported: 'options',
};

const permanent: ReadonlySet<TransportErrorCode> = new Set<TransportErrorCode>([
  'invalid-target',
  'certificate-not-trusted',
  'websocket-refused',
  'websocket-protocol',
  'aborted',
  'unsupported',
]);
