/** Turns what the client rejected with into the problem that tells the caller. */
import {
  InvalidTopicError,
  MqttError,
  PacketTooLargeError,
  PublishRefusedError,
  ServerLimitError,
  SubscribeError,
} from 'omqtt';
import { BridgeProblem } from './problem.ts';
import { type ProblemCode, publishReasons, subscribeReasons } from './problem-kinds.ts';

/** What concerns a message that the client had in hand. */
export function publishProblem(error: unknown, broker: string): BridgeProblem {
  if (error instanceof BridgeProblem) return error;
  if (error instanceof PublishRefusedError) return refusedPublish(error, broker);
  if (error instanceof ServerLimitError) return limitProblem(error, broker);
  if (error instanceof PacketTooLargeError) return tooLarge(error.message, undefined);
  if (error instanceof InvalidTopicError) return new BridgeProblem('topic-invalid', error.message);
  if (!(error instanceof MqttError)) return internalProblem(error);
  const code = codesOfErrors[error.code];
  if (code === undefined) return internalProblem(error);
  return new BridgeProblem(code, { detail: error.message, cause: error, ...(retriesSoon.has(code) && RETRY_SOON) });
}

/** What concerns a subscription. */
export function subscribeProblem(error: unknown, broker: string): BridgeProblem {
  if (!(error instanceof SubscribeError)) return publishProblem(error, broker);
  const { reasonCode, reasonString = null, failures } = error;
  return new BridgeProblem(subscribeReasons[reasonCode] ?? 'subscribe-failed', {
    detail: error.message,
    mqtt: { packet: 'SUBACK', reasonCode, reasonString, broker },
    extra: { failures: Object.fromEntries(failures) },
    ...(reasonCode === 0x97 && RETRY_SOON),
  });
}

const RETRY_SOON = { retryAfterMs: 1000 } as const;
const retriesSoon: ReadonlySet<ProblemCode> = new Set(['broker-unavailable', 'overloaded', 'store-failed']);

/** By the code of the client's errors. */
const codesOfErrors: Readonly<Record<string, ProblemCode>> = {
  'not-connected': 'broker-unavailable',
  'dial-failed': 'broker-unavailable',
  'connect-refused': 'broker-unavailable',
  'authentication-failed': 'broker-unavailable',
  'message-dropped': 'broker-unavailable',
  'queue-full': 'overloaded',
  'too-many-requests': 'overloaded',
  'client-closed': 'draining',
  'store-failed': 'store-failed',
  'session-lost': 'ack-timeout',
  'connection-lost': 'ack-timeout',
  'server-disconnect': 'ack-timeout',
  'keep-alive-timeout': 'ack-timeout',
  'protocol-error': 'ack-timeout',
  'malformed-packet': 'ack-timeout',
  'timed-out': 'ack-timeout',
  'only-in-5.0': 'capability-unavailable',
  'invalid-option': 'parameter-invalid',
  'invalid-packet': 'parameter-invalid',
  'message-expired': 'broker-unavailable',
};

function refusedPublish(error: PublishRefusedError, broker: string): BridgeProblem {
  const { reasonCode, reasonString = null } = error;
  return new BridgeProblem(publishReasons[reasonCode] ?? 'upstream-unspecified', {
    detail: error.message,
    outcome: reasonCode === 0x91 || reasonCode === 0x92 ? 'unknown' : 'rejected',
    mqtt: { packet: 'PUBACK', reasonCode, reasonString, broker },
    ...((reasonCode === 0x97 || reasonCode === 0x80) && RETRY_SOON),
  });
}

function limitProblem(error: ServerLimitError, broker: string): BridgeProblem {
  const { limit, allowed } = error;
  if (limit === 'packet-size') return tooLarge(error.message, allowed);
  return new BridgeProblem('capability-unavailable', {
    detail: error.message,
    extra: { capability: limit, maximum: allowed, broker },
  });
}

function tooLarge(detail: string, maximumPacketBytes: number | undefined): BridgeProblem {
  return new BridgeProblem('payload-too-large', {
    detail,
    ...(maximumPacketBytes !== undefined && { extra: { maximumPacketBytes } }),
  });
}

function internalProblem(cause: unknown): BridgeProblem {
  // The cause is for the log: it may hold what the caller must not see.
  return new BridgeProblem('internal-error', { detail: 'the bridge has failed; its log says why', cause });
}
