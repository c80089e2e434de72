import type { ProtocolVersion } from './packet.ts';

/** Everything that can be wrong with a packet, or with a topic. */
export type Problem = keyof typeof problems;

export interface ProblemFacts {
  /** What to tell the peer. */
  readonly reasonCode: number;
  /** The id of the broken statement, where the version has one. */
  readonly statement: string | undefined;
}

/** `broken` is the number of a statement that says more about the case than that of the table; empty: none does. */
export function problemFacts(problem: Problem, version: ProtocolVersion, broken?: string): ProblemFacts {
  const [reasonCode, statement5, statement3]: ProblemRow = problems[problem];
  const statement = broken ?? (version === '5.0' ? statement5 : statement3);
  return { reasonCode, statement: statement ? `MQTT-${statement}` : undefined };
}

/** The statement ids are those of 5.0 and 3.1.1, in this order; an empty one means that the version has none. */
type ProblemRow = readonly [reasonCode: number, statement5?: string, statement3?: string];

// 0x81 is a malformed packet, 0x82 a protocol error; the finer codes say more where the standard has one.
const problems = {
  truncated: [0x81],
  'trailing-bytes': [0x81],
  'bad-variable-integer': [0x81, '1.5.5-1'],
  'reserved-type': [0x81],
  'reserved-flags': [0x81, '2.1.3-1', '2.2.2-2'],
  'ill-formed-text': [0x81, '1.5.4-1', '1.5.3-1'],
  'null-character': [0x81, '1.5.4-2', '1.5.3-2'],
  'text-too-long': [0x81, '4.7.3-3', '4.7.3-3'],
  'misplaced-property': [0x81],
  'repeated-property': [0x82],
  'bad-qos': [0x81, '3.1.2-12', '3.1.2-14'],
  'dup-at-qos-0': [0x82, '3.3.1-2', '3.3.1-2'],
  'bad-packet-id': [0x82, '2.2.1-3', '2.3.1-1'],
  'unexpected-packet-id': [0x82, '2.2.1-2', '2.3.1-5'],
  'bad-reason-code': [0x82],
  'wrong-direction': [0x82],
  'unsupported-protocol': [0x84, '3.1.2-2', '3.1.2-2'],
  'bad-connect-flags': [0x81, '3.1.2-11', '3.1.2-13'],
  'bad-connack-flags': [0x81, '3.2.2-1'],
  'session-present-on-failure': [0x82, '3.2.2-6', '3.2.2-4'],
  'password-without-username': [0x81, '', '3.1.2-22'],
  'empty-client-id': [0x85, '', '3.1.3-7'],
  'empty-topic': [0x82, '4.7.3-1', '4.7.3-1'],
  'empty-filter': [0x8f, '4.7.3-1', '4.7.3-1'],
  'wildcard-in-topic': [0x90, '4.7.0-1', '4.7.1-1'],
  'misplaced-hash': [0x8f, '4.7.1-1', '4.7.1-2'],
  'misplaced-plus': [0x8f, '4.7.1-2', '4.7.1-3'],
  'bad-share': [0x8f, '4.8.2-2'],
  'bad-topic-alias': [0x94, '3.3.2-8'],
  'no-filters': [0x82, '3.8.3-2', '3.8.3-3'],
  'no-reason-codes': [0x82, '3.8.4-6', '3.8.4-5'],
  'reserved-options': [0x81, '3.8.3-5', '3.8.3-4'],
  'bad-options': [0x82],
  'no-authentication-method': [0x82],
  'packet-too-large': [0x95, '3.1.2-24'],
  'bad-value': [0x82],
  'only-in-5.0': [0x82],
} as const;
