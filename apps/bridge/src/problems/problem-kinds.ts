/** Every problem that the bridge answers with: its status, and what became of the message. */

/** `not-sent`: nothing left the bridge. `rejected`: the broker said no. `unknown`: it was sent, and nobody knows more. */
export type Outcome = 'not-sent' | 'rejected' | 'unknown' | 'accepted';

export interface ProblemKind {
  readonly status: number;
  readonly title: string;
  /** Absent where no message is concerned. */
  readonly outcome?: Outcome;
  /** Whether the same request may succeed later, without harm. */
  readonly retryable: boolean;
}

/** By the code, which is also the end of the `type` of the problem. */
export const problemKinds = {
  // What the broker said about a message.
  'upstream-unspecified': rejected(502, 'The broker refused the message without a reason', true),
  'upstream-refused': rejected(422, 'The broker does not accept this message'),
  'not-authorized': rejected(403, 'The broker does not allow this'),
  'upstream-quota': rejected(429, 'A quota of the broker is used up', true),
  'payload-format': rejected(422, 'The payload is not what its format indicator says'),
  'upstream-state': { status: 502, title: 'Bridge and broker disagree', outcome: 'unknown', retryable: false },
  'ack-timeout': {
    status: 504,
    title: 'The broker did not acknowledge in time',
    outcome: 'unknown',
    retryable: false,
  },

  // What never left the bridge.
  'topic-invalid': notSent(400, 'The topic is not valid'),
  'parameter-invalid': notSent(400, 'A parameter is not valid'),
  'parameter-conflict': notSent(400, 'A parameter has two different values'),
  'body-invalid': notSent(400, 'The body is not valid'),
  'request-invalid': notSent(400, 'The request is not valid'),
  unauthenticated: notSent(401, 'Credentials are missing or not valid'),
  'origin-denied': notSent(403, 'Pages of this origin may not call'),
  'token-expired': notSent(401, 'The token has expired'),
  'acl-denied': notSent(403, 'Not allowed to this caller'),
  'payload-too-large': notSent(413, 'The payload is too large'),
  'media-type-unsupported': notSent(415, 'The media type is not supported here'),
  'encoding-unsupported': notSent(415, 'The content encoding is not supported'),
  'capability-unavailable': notSent(422, 'The broker cannot do this'),
  'rate-limited': notSent(429, 'Too much in too short a time', true),
  overloaded: notSent(503, 'The bridge has enough to do', true),
  'broker-unavailable': notSent(503, 'There is no connection to the broker', true),
  'authority-unavailable': notSent(503, 'The issuer of the token cannot be asked', true),
  draining: notSent(503, 'The bridge is shutting down', true),
  'store-failed': notSent(503, 'The message could not be stored', true),
  'idempotency-in-progress': notSent(409, 'A request with this key is being worked on', true),
  'idempotency-mismatch': notSent(422, 'The key was used for another request'),

  // What the broker said to who came with credentials of its own.
  'connack-client-id': notSent(400, 'The broker does not accept the client id'),
  'connack-credentials': notSent(401, 'The broker does not accept the credentials'),
  'connack-not-authorized': notSent(403, 'The broker does not let this caller in'),
  'connack-quota': notSent(429, 'The broker has enough connections, or sees them too often', true),
  'connack-failed': notSent(502, 'The broker refused the connection', true),

  // Requests and their answers.
  'no-responder': { status: 503, title: 'Nobody listens to this topic', outcome: 'accepted', retryable: true },
  'reply-timeout': { status: 504, title: 'No answer came in time', outcome: 'accepted', retryable: false },
  'client-closed': { status: 499, title: 'The caller has gone', outcome: 'unknown', retryable: false },

  // Subscriptions.
  'subscribe-invalid': plain(400, 'The broker does not accept the filter'),
  'subscribe-not-authorized': plain(403, 'The broker does not allow the filter'),
  'subscribe-quota': plain(429, 'A quota of the broker is used up', true),
  'subscribe-unsupported': plain(422, 'The broker cannot do this kind of subscription'),
  'subscribe-failed': plain(502, 'The broker refused the subscription', true),

  // Everything else.
  'not-found': plain(404, 'There is nothing here'),
  'broker-unknown': plain(404, 'There is no broker of this name'),
  'no-retained': plain(404, 'The topic has no retained message'),
  'message-unknown': plain(404, 'There is no message of this id'),
  'message-sent': plain(409, 'The message cannot be called back'),
  'method-not-allowed': plain(405, 'The method does not exist here'),
  'upgrade-required': plain(426, 'This is a WebSocket'),
  'stream-limit': plain(429, 'Too many open streams', true),
  'ticket-limit': plain(429, 'Too many unused tickets', true),
  'internal-error': { status: 500, title: 'The bridge has failed', outcome: 'unknown', retryable: false },
} as const satisfies Readonly<Record<string, ProblemKind>>;

export type ProblemCode = keyof typeof problemKinds;

/** Reason codes of PUBACK, PUBREC and PUBCOMP. */
export const publishReasons: Readonly<Record<number, ProblemCode>> = {
  0x80: 'upstream-unspecified',
  0x83: 'upstream-refused',
  0x87: 'not-authorized',
  0x90: 'topic-invalid',
  0x91: 'upstream-state',
  0x92: 'upstream-state',
  0x95: 'payload-too-large',
  0x97: 'upstream-quota',
  0x99: 'payload-format',
};

/** Reason codes of SUBACK. */
export const subscribeReasons: Readonly<Record<number, ProblemCode>> = {
  0x80: 'subscribe-failed',
  0x83: 'subscribe-failed',
  0x87: 'subscribe-not-authorized',
  0x8f: 'subscribe-invalid',
  0x97: 'subscribe-quota',
  0x9e: 'subscribe-unsupported',
  0xa1: 'subscribe-unsupported',
  0xa2: 'subscribe-unsupported',
};

function rejected(status: number, title: string, retryable = false): ProblemKind {
  return { status, title, outcome: 'rejected', retryable };
}

function notSent(status: number, title: string, retryable = false): ProblemKind {
  return { status, title, outcome: 'not-sent', retryable };
}

function plain(status: number, title: string, retryable = false): ProblemKind {
  return { status, title, retryable };
}
