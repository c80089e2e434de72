/** What went wrong, as the caller gets to read it (RFC 9457). */
import { type Outcome, type ProblemCode, type ProblemKind, problemKinds } from './problem-kinds.ts';

/** What the broker said. */
interface ProblemMqtt {
  readonly packet: 'PUBACK' | 'SUBACK' | 'CONNACK' | 'DISCONNECT';
  readonly reasonCode: number | null;
  readonly reasonString?: string | null;
  readonly broker: string;
}

/** One wrong value of a body: a JSON pointer, and what it should be. */
export interface ProblemDetail {
  readonly pointer: string;
  readonly detail: string;
}

export interface ProblemFacts {
  readonly detail: string;
  /** Where it differs from that of the kind. */
  readonly outcome?: Outcome;
  readonly retryAfterMs?: number;
  readonly mqtt?: ProblemMqtt;
  readonly errors?: readonly ProblemDetail[];
  /** More members of the body, such as `maximumPayloadBytes`. */
  readonly extra?: Readonly<Record<string, unknown>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly cause?: unknown;
}

/** Thrown anywhere in a request; the error handler writes it. */
export class BridgeProblem extends Error {
  readonly code: ProblemCode;
  readonly facts: ProblemFacts;

  constructor(code: ProblemCode, facts: ProblemFacts | string) {
    const given = typeof facts === 'string' ? { detail: facts } : facts;
    super(given.detail, given.cause === undefined ? undefined : { cause: given.cause });
    this.code = code;
    this.facts = given;
  }

  override get name(): string {
    return 'BridgeProblem';
  }

  get status(): number {
    return problemKinds[this.code].status;
  }

  get outcome(): Outcome | undefined {
    const kind: ProblemKind = problemKinds[this.code];
    return this.facts.outcome ?? kind.outcome;
  }
}

export const PROBLEM_MEDIA_TYPE = 'application/problem+json; charset=utf-8';
const TYPE_BASE = 'https://omqtt.dev/problems/';

/** `instance` names the request. */
export function problemBody(problem: BridgeProblem, instance: string): Readonly<Record<string, unknown>> {
  const { code, facts, status, outcome } = problem;
  const { title, retryable } = problemKinds[code];
  return {
    type: `${TYPE_BASE}${code}`,
    title,
    status,
    code,
    detail: facts.detail,
    instance: `/requests/${instance}`,
    ...(outcome !== undefined && { outcome }),
    retryable,
    retryAfterMs: facts.retryAfterMs ?? null,
    ...(facts.mqtt && { mqtt: { ...facts.mqtt, reasonString: printable(facts.mqtt.reasonString) } }),
    ...(facts.errors && { errors: facts.errors }),
    ...facts.extra,
  };
}

const REASON_LENGTH = 256;

/** A text of the broker: no control characters, and no novel. */
function printable(text: string | null | undefined): string | null {
  // eslint-disable-next-line no-control-regex -- control characters are what this is about
  return text?.slice(0, REASON_LENGTH).replaceAll(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g, '') ?? null;
}

/** Headers that belong to the problem, such as Retry-After in whole seconds. */
export function problemHeaders(problem: BridgeProblem): Record<string, string> {
  const { retryAfterMs, headers } = problem.facts;
  return {
    ...headers,
    ...(retryAfterMs !== undefined && { 'retry-after': String(Math.max(1, Math.ceil(retryAfterMs / 1000))) }),
  };
}
