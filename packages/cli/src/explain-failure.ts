/** From an error to the exit status, and to what people and programs read about it. */
import { reasonAdvice } from './documentation/reason-advice.ts';
import { UnansweredConnectError } from './cli-error.ts';
import { exitCodes } from './exit-codes.ts';

/** What errors of the client carry; recognised by `code`, so that the client need not be loaded. */
interface FailureFacts {
  readonly code?: string;
  readonly exitCode?: number;
  readonly phase?: string;
  readonly reasonCode?: number;
  readonly reasonString?: string;
  readonly statement?: string;
  readonly failures?: ReadonlyMap<string, number>;
  readonly cause?: unknown;
  readonly advice?: string;
}

const { usage, denied, refused, connectionLost, timeout, file } = exitCodes;

const byCode: Readonly<Record<string, number>> = {
  'invalid-option': usage,
  'invalid-topic': usage,
  'invalid-packet': usage,
  'invalid-state': usage,
  'only-in-5.0': usage,
  'packet-too-large': usage,
  'invalid-broker-option': usage,
  'listen-failed': usage,
  'unknown-session': usage,
  'undeclared-messages': usage,
  'authentication-failed': denied,
  'auth-mechanism-failed': denied,
  'server-limit': refused,
  'queue-full': refused,
  'message-expired': refused,
  'too-many-requests': refused,
  'server-disconnect': connectionLost,
  'connection-lost': connectionLost,
  'keep-alive-timeout': connectionLost,
  'protocol-error': connectionLost,
  'session-lost': connectionLost,
  'not-connected': connectionLost,
  'message-dropped': connectionLost,
  'client-id-contested': connectionLost,
  'client-closed': connectionLost,
  'subscription-ended': connectionLost,
  // Sent by the broker: bytes that people give are told by `decode` itself.
  'malformed-packet': connectionLost,
  'timed-out': timeout,
  // Nobody is subscribed, so the answer that is waited for never comes.
  'no-responder': timeout,
  'store-failed': file,
  'store-locked': file,
  'store-corrupt': file,
  'store-too-new': file,
};

/** Reason codes about who the client is and what it may. */
const aboutAccess: ReadonlySet<number> = new Set([0x86, 0x87, 0x8a, 0x8c]);

export function exitCodeOf(error: unknown): number {
  const facts = factsOf(error);
  const { code = '', exitCode, reasonCode = 0 } = facts;
  if (exitCode !== undefined) return exitCode;
  if (alertOf(error) !== undefined) return exitCodes.tls;
  if (code === 'dial-failed') return exitCodeOfDialling(facts);
  if (code === 'connect-refused') return aboutAccess.has(reasonCode) ? denied : exitCodes.connectRefused;
  if (code === 'publish-refused') return aboutAccess.has(reasonCode) ? denied : refused;
  if (code === 'subscribe-refused') return [...(facts.failures?.values() ?? [])].includes(0x87) ? denied : refused;
  return byCode[code] ?? exitCodes.fault;
}

function exitCodeOfDialling({ phase, cause }: FailureFacts): number {
  const { code } = factsOf(cause);
  if (phase === 'tls' || code === 'tls-failed' || code === 'certificate-not-trusted') return exitCodes.tls;
  if (code === 'timed-out') return exitCodes.unreachable;
  return phase === 'options' || code === 'invalid-target' ? usage : exitCodes.unreachable;
}

/** One line of JSON for programs. */
export function failureAsJson(error: unknown): string {
  const { code = 'fault', reasonCode, reasonString, statement } = factsOf(error);
  return JSON.stringify({
    v: 1,
    error: messageOf(error),
    code,
    exit: exitCodeOf(error),
    reasonCode,
    reasonString,
    statement,
  });
}

export function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const alert = alertOf(error);
  return alert === undefined ? error.message : `${error.message}: ${alert.message}`;
}

/** What to do about it, where a broker gave the reason. */
export function adviceOn(error: unknown): string | undefined {
  const { reasonCode, failures, advice } = factsOf(error);
  if (advice !== undefined) return advice;
  const code = reasonCode ?? failures?.values().next().value;
  return code === undefined || code < 0x80 ? undefined : reasonAdvice[code];
}

/** In TLS 1.3 a broker says that it wants another certificate when the connection stands already. */
function alertOf(error: unknown): Error | undefined {
  const { code, cause } = factsOf(error);
  return code === 'connection-lost' && cause instanceof Error && factsOf(cause).code === 'tls-failed'
    ? cause
    : undefined;
}

/** What came instead of an answer to CONNECT, told so that a wrong port is thought of. */
export function unansweredConnect(error: unknown): unknown {
  const { code = '' } = factsOf(error);
  if (alertOf(error) !== undefined) return error;
  if (code === 'malformed-packet') return new UnansweredConnectError(code, 'what answers there is no MQTT', error);
  if (code !== 'connection-lost') return error;
  return new UnansweredConnectError(code, `${messageOf(error)} before the broker answered CONNECT`, error);
}

/** A fault of this program: people who report it need to say where. */
export function isFault(error: unknown): boolean {
  return exitCodeOf(error) === exitCodes.fault;
}

function factsOf(error: unknown): FailureFacts {
  return typeof error === 'object' && error !== null ? error : {};
}
