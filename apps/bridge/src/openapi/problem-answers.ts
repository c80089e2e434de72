/** The problems that a route may answer with, one answer for each status. */
import { type ProblemCode, type ProblemKind, problemKinds } from '../problems/problem-kinds.ts';
import { type JsonSchema, ref } from './route-schema.ts';

/** Whatever the route. */
const everywhere: readonly ProblemCode[] = [
  'request-invalid',
  'unauthenticated',
  'token-expired',
  'internal-error',
  'connack-client-id',
  'connack-credentials',
  'connack-not-authorized',
  'connack-quota',
  'connack-failed',
  'authority-unavailable',
  'draining',
];

/** What may become of a message. */
export const publishProblems: readonly ProblemCode[] = [
  'topic-invalid',
  'parameter-invalid',
  'broker-unknown',
  'acl-denied',
  'not-authorized',
  'payload-too-large',
  'encoding-unsupported',
  'capability-unavailable',
  'payload-format',
  'upstream-refused',
  'rate-limited',
  'upstream-quota',
  'upstream-unspecified',
  'upstream-state',
  'broker-unavailable',
  'overloaded',
  'ack-timeout',
];

/** Of routes that read or follow. */
export const subscribeProblems: readonly ProblemCode[] = [
  'topic-invalid',
  'parameter-invalid',
  'broker-unknown',
  'acl-denied',
  'subscribe-invalid',
  'subscribe-not-authorized',
  'subscribe-unsupported',
  'subscribe-quota',
  'subscribe-failed',
  'rate-limited',
  'broker-unavailable',
];

export function problemAnswers(own: readonly ProblemCode[]): ReadonlyMap<number, JsonSchema> {
  const byStatus = new Map<number, ProblemCode[]>();
  for (const code of new Set([...own, ...everywhere])) {
    const { status } = problemKinds[code];
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  return new Map([...byStatus].map(([status, codes]) => [status, problemAnswer(status, codes)]));
}

function problemAnswer(status: number, codes: readonly ProblemCode[]): JsonSchema {
  const headers = headersOf(status, codes);
  return {
    description: codes.map((code) => sentence(code)).join('\n'),
    ...(Object.keys(headers).length > 0 && { headers }),
    content: {
      'application/problem+json': {
        schema: { allOf: [ref('Problem'), { required: ['code'], properties: { code: { enum: codes } } }] },
      },
    },
  };
}

function sentence(code: ProblemCode): string {
  const { title, outcome, retryable }: ProblemKind = problemKinds[code];
  const facts = [
    ...(outcome === undefined ? [] : [`outcome \`${outcome}\``]),
    ...(retryable ? ['try again later'] : []),
  ];
  return `- \`${code}\`: ${title}${facts.length === 0 ? '' : ` (${facts.join('; ')})`}`;
}

function headersOf(status: number, codes: readonly ProblemCode[]): Readonly<Record<string, JsonSchema>> {
  const text = { type: 'string' };
  const canRetry =
    (status === 429 || status === 503 || status === 409) && codes.some((code) => problemKinds[code].retryable);
  return {
    ...(canRetry && { 'Retry-After': { description: 'Seconds.', schema: { type: 'integer', minimum: 1 } } }),
    ...(status === 401 && { 'WWW-Authenticate': { description: 'RFC 6750.', schema: text } }),
    ...(status === 405 && { Allow: { description: 'The methods that exist.', schema: text } }),
    ...(codes.includes('rate-limited') && {
      RateLimit: { description: 'What is left of the allowance.', schema: text },
      'RateLimit-Policy': { description: 'What the allowance is.', schema: text },
    }),
  };
}
