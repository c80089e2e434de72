import type { ProtocolVersion } from './packet.ts';

/** Everything that can be wrong with a packet: the reason code to answer with, and the statement that forbids it. */
export type Problem = keyof typeof problems;

export interface ProblemFacts {
  readonly reasonCode: number;
  readonly message: string;
  /** The id of the broken statement, where the version has one. */
  readonly statement: string | undefined;
}

export function problemFacts(problem: Problem, version: ProtocolVersion): ProblemFacts {
  const [reasonCode, message, statement5, statement3]: ProblemRow = problems[problem];
  const statement = version === '5.0' ? statement5 : statement3;
  return { reasonCode, message, statement: statement ? `MQTT-${statement}` : undefined };
}

/** The statement ids are those of 5.0 and 3.1.1, in this order; an empty one means that the version has none. */
type ProblemRow = readonly [reasonCode: number, message: string, statement5?: string, statement3?: string];

// 0x81 is a malformed packet, 0x82 a protocol error; the finer codes say more where the standard has one.
const problems = {
  truncated: [0x81, 'a field ends past the end'],
  'trailing-bytes': [0x81, 'bytes are left over after the last field'],
  'bad-variable-integer': [0x81, 'a variable byte integer has more bytes than it may', '1.5.5-1'],
  'reserved-type': [0x81, 'the packet type is reserved'],
  'reserved-flags': [0x81, 'the fixed header flags are reserved', '2.1.3-1', '2.2.2-2'],
  'ill-formed-text': [0x81, 'a text is not well-formed Unicode', '1.5.4-1', '1.5.3-1'],
  'null-character': [0x81, 'a text contains U+0000', '1.5.4-2', '1.5.3-2'],
  'text-too-long': [0x81, 'a text or binary field has more than 65535 bytes', '4.7.3-3', '4.7.3-3'],
  'misplaced-property': [0x81, 'a property is unknown or has no place in this packet'],
  'repeated-property': [0x82, 'a property that may come once comes twice'],
  'bad-property-value': [0x82, 'a property has a value outside its range'],
  'bad-qos': [0x81, 'the QoS is not 0, 1 or 2', '3.3.1-4', '3.3.1-4'],
  'dup-at-qos-0': [0x82, 'a QoS 0 message is marked as a duplicate', '3.3.1-2', '3.3.1-2'],
  'bad-packet-id': [0x82, 'the packet identifier is not 1 to 65535', '2.2.1-3', '2.3.1-1'],
  'unexpected-packet-id': [0x82, 'a QoS 0 message has no packet identifier', '2.2.1-2', '2.3.1-5'],
  'bad-reason-code': [0x82, 'this packet does not carry this reason code from this side'],
  'wrong-direction': [0x82, 'this side does not send this packet'],
  'unsupported-protocol': [0x84, 'the protocol name or version is not supported', '3.1.2-2', '3.1.2-2'],
  'bad-connect-flags': [0x81, 'the connect flags contradict each other', '3.1.2-3', '3.1.2-3'],
  'bad-connack-flags': [0x81, 'a reserved acknowledge flag is set', '3.2.2-1'],
  'session-present-on-failure': [0x82, 'a refusal reports a present session', '3.2.2-6', '3.2.2-4'],
  'password-without-username': [0x81, 'a password needs a user name in 3.1.1', '', '3.1.2-22'],
  'empty-client-id': [0x85, 'an empty client id needs a clean session in 3.1.1', '', '3.1.3-7'],
  'empty-topic': [0x82, 'a topic has at least one character', '4.7.3-1', '4.7.3-1'],
  'wildcard-in-topic': [0x90, 'a topic name has no wildcards', '3.3.2-2', '3.3.2-2'],
  'misplaced-hash': [0x8f, '# stands alone in the last level of a filter', '4.7.1-1', '4.7.1-2'],
  'misplaced-plus': [0x8f, '+ fills a whole level of a filter', '4.7.1-2', '4.7.1-3'],
  'bad-share': [0x8f, 'a shared filter reads $share/name/filter, the name without wildcards', '4.8.2-2'],
  'bad-topic-alias': [0x94, 'a topic alias is not 1 to 65535', '3.3.2-8'],
  'identifier-from-client': [0x82, 'a client sends no subscription identifier in PUBLISH', '3.3.4-6'],
  'no-filters': [0x82, 'at least one filter is needed', '3.8.3-2', '3.8.3-3'],
  'no-reason-codes': [0x82, 'one reason code for each filter is needed', '3.8.4-6', '3.8.4-5'],
  'reserved-options': [0x81, 'a reserved subscription option is set', '3.8.3-5', '3.8.3-4'],
  'bad-options': [0x82, 'a subscription asks for a QoS or retain handling that is not 0, 1 or 2'],
  'no-local-on-share': [0x82, 'a shared subscription cannot be no-local', '3.8.3-4'],
  'no-authentication-method': [0x82, 'authentication needs its method'],
  'session-expiry-from-server': [0x82, 'a server sends no session expiry in DISCONNECT', '3.14.2-2'],
  'packet-too-large': [0x95, 'the packet is larger than announced as acceptable', '3.1.2-24'],
  'bad-value': [0x82, 'the value has the wrong type or is out of range'],
  'only-in-5.0': [0x82, 'MQTT 3.1.1 has no place for it'],
} as const;
