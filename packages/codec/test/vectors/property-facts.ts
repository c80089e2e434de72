import type { Problem } from '../../src/index.ts';
import type { Carrier } from './property-carriers.ts';
import type { Field } from './vector.ts';

/** One of the 27 properties: where it may stand, and how its values are written. */
export interface PropertyFact {
  readonly id: number;
  /** Its name in the standard. */
  readonly name: string;
  /** The name of its field, for each packet that may carry it. */
  readonly fields: Readonly<Partial<Record<Carrier, string>>>;
  /** Where it may come more than once, and is read as a list. */
  readonly repeatsIn: readonly Carrier[];
  /** Bytes behind the identifier, and the value they stand for. */
  readonly values: readonly Sample[];
  /** Bytes behind the identifier that make no value. */
  readonly badValues: readonly BadSample[];
}

type Sample = readonly [bytes: Field, value: unknown];
type BadSample = readonly [bytes: Field, problem: Problem, reasonCode: number];

const acks: readonly Carrier[] = ['puback', 'pubrec', 'pubrel', 'pubcomp', 'suback', 'unsuback'];
const message: readonly Carrier[] = ['publish', 'will'];
const limits: readonly Carrier[] = ['connect', 'connack'];
const requests: readonly Carrier[] = ['subscribe', 'unsubscribe'];
const everywhere: readonly Carrier[] = [...message, ...limits, ...acks, ...requests, 'disconnect', 'auth'];

const bits: readonly Sample[] = [
  [[0x00], 0],
  [[0x01], 1],
];
const flags: readonly Sample[] = [
  [[0x00], false],
  [[0x01], true],
];
const badFlags: readonly BadSample[] = [
  [[0x02], 'bad-value', 0x82],
  [[0xff], 'bad-value', 0x82],
];
const shorts: readonly Sample[] = [
  [[0x00, 0x01], 1],
  [[0x01, 0x00], 256],
  [[0xff, 0xff], 65_535],
];
const shortsFromZero: readonly Sample[] = [[[0x00, 0x00], 0], ...shorts];
const longs: readonly Sample[] = [
  [[0x00, 0x00, 0x00, 0x01], 1],
  [[0x00, 0x01, 0x00, 0x00], 65_536],
  [[0x80, 0x00, 0x00, 0x00], 2_147_483_648],
  [[0xff, 0xff, 0xff, 0xff], 4_294_967_295],
];
const longsFromZero: readonly Sample[] = [[[0x00, 0x00, 0x00, 0x00], 0], ...longs];
const topics: readonly Sample[] = [
  [[0x00, 0x01, 'r'], 'r'],
  [[0x00, 0x06, '$x//y/'], '$x//y/'],
  [[0xff, 0xff, 'r'.repeat(65_535)], 'r'.repeat(65_535)],
];
const texts: readonly Sample[] = [[[0x00, 0x00], ''], ...topics, [[0x00, 0x02, 0xc3, 0xa9], 'é']];
const binaries: readonly Sample[] = [
  [[0x00, 0x00], new Uint8Array(0)],
  [[0x00, 0x03, 0x00, 0xc3, 0x28], Uint8Array.of(0x00, 0xc3, 0x28)],
  [[0xff, 0xff, '*'.repeat(65_535)], new Uint8Array(65_535).fill(0x2a)],
];
const pairs: readonly Sample[] = [
  [
    [0x00, 0x01, 'k', 0x00, 0x01, 'v'],
    ['k', 'v'],
  ],
  [
    [0x00, 0x00, 0x00, 0x00],
    ['', ''],
  ],
  [
    [0x00, 0x09, '__proto__', 0x00, 0x02, 0xc3, 0xa9],
    ['__proto__', 'é'],
  ],
  [
    [0xff, 0xff, 'k'.repeat(65_535), 0xff, 0xff, 'v'.repeat(65_535)],
    ['k'.repeat(65_535), 'v'.repeat(65_535)],
  ],
];
const identifiers: readonly Sample[] = [
  [[0x01], 1],
  [[0x7f], 127],
  [[0x80, 0x01], 128],
  [[0xff, 0x7f], 16_383],
  [[0x80, 0x80, 0x01], 16_384],
  [[0xff, 0xff, 0x7f], 2_097_151],
  [[0x80, 0x80, 0x80, 0x01], 2_097_152],
  [[0xff, 0xff, 0xff, 0x7f], 268_435_455],
];
const badIdentifiers: readonly BadSample[] = [
  [[0x00], 'bad-value', 0x82],
  [[0x80, 0x00], 'bad-variable-integer', 0x81],
  [[0x81, 0x80, 0x00], 'bad-variable-integer', 0x81],
  [[0xff, 0xff, 0xff, 0x80], 'bad-variable-integer', 0x81],
  [[0xff, 0xff, 0xff, 0xff, 0x7f], 'bad-variable-integer', 0x81],
];
const badTopics: readonly BadSample[] = [
  [[0x00, 0x00], 'empty-topic', 0x82],
  [[0x00, 0x01, '#'], 'wildcard-in-topic', 0x90],
  [[0x00, 0x03, 'a/+'], 'wildcard-in-topic', 0x90],
  [[0x00, 0x03, 'a+b'], 'wildcard-in-topic', 0x90],
];
const zeroShort: readonly BadSample[] = [[[0x00, 0x00], 'bad-value', 0x82]];
const zeroLong: readonly BadSample[] = [[[0x00, 0x00, 0x00, 0x00], 'bad-value', 0x82]];
const zeroAlias: readonly BadSample[] = [[[0x00, 0x00], 'bad-topic-alias', 0x94]];

export const propertyFacts: readonly PropertyFact[] = [
  fact(0x01, 'Payload Format Indicator', at('payloadFormatIndicator', message), bits, badFlags),
  fact(0x02, 'Message Expiry Interval', at('messageExpirySeconds', message), longsFromZero),
  fact(0x03, 'Content Type', at('contentType', message), texts),
  fact(0x08, 'Response Topic', at('responseTopic', message), topics, badTopics),
  fact(0x09, 'Correlation Data', at('correlationData', message), binaries),
  {
    id: 0x0b,
    name: 'Subscription Identifier',
    fields: { publish: 'subscriptionIdentifiers', subscribe: 'subscriptionIdentifier' },
    repeatsIn: ['publish'],
    values: identifiers,
    badValues: badIdentifiers,
  },
  fact(0x11, 'Session Expiry Interval', at('sessionExpirySeconds', [...limits, 'disconnect']), longsFromZero),
  fact(0x12, 'Assigned Client Identifier', at('assignedClientId', ['connack']), texts),
  fact(0x13, 'Server Keep Alive', at('serverKeepAliveSeconds', ['connack']), shortsFromZero),
  fact(0x15, 'Authentication Method', at('authenticationMethod', [...limits, 'auth']), texts),
  fact(0x16, 'Authentication Data', at('authenticationData', [...limits, 'auth']), binaries),
  fact(0x17, 'Request Problem Information', at('requestProblemInformation', ['connect']), flags, badFlags),
  fact(0x18, 'Will Delay Interval', at('willDelaySeconds', ['will']), longsFromZero),
  fact(0x19, 'Request Response Information', at('requestResponseInformation', ['connect']), flags, badFlags),
  fact(0x1a, 'Response Information', at('responseInformation', ['connack']), texts),
  fact(0x1c, 'Server Reference', at('serverReference', ['connack', 'disconnect']), texts),
  fact(0x1f, 'Reason String', at('reasonString', ['connack', 'disconnect', 'auth', ...acks]), texts),
  fact(0x21, 'Receive Maximum', at('receiveMaximum', limits), shorts, zeroShort),
  fact(0x22, 'Topic Alias Maximum', at('topicAliasMaximum', limits), shortsFromZero),
  fact(0x23, 'Topic Alias', at('topicAlias', ['publish']), shorts, zeroAlias),
  fact(0x24, 'Maximum QoS', at('maximumQoS', ['connack']), bits, badFlags),
  fact(0x25, 'Retain Available', at('retainAvailable', ['connack']), flags, badFlags),
  { ...fact(0x26, 'User Property', at('userProperties', everywhere), pairs), repeatsIn: everywhere },
  fact(0x27, 'Maximum Packet Size', at('maximumPacketBytes', limits), longs, zeroLong),
  fact(0x28, 'Wildcard Subscription Available', at('wildcardSubscriptionAvailable', ['connack']), flags, badFlags),
  fact(0x29, 'Subscription Identifier Available', at('subscriptionIdentifierAvailable', ['connack']), flags, badFlags),
  fact(0x2a, 'Shared Subscription Available', at('sharedSubscriptionAvailable', ['connack']), flags, badFlags),
];

type Fields = PropertyFact['fields'];

function at(field: string, carriers: readonly Carrier[]): Fields {
  return Object.fromEntries(carriers.map((carrier) => [carrier, field]));
}

// A row of the table reads best in one line.
// oxlint-disable-next-line max-params
function fact(
  id: number,
  name: string,
  fields: Fields,
  values: readonly Sample[],
  badValues: readonly BadSample[] = [],
): PropertyFact {
  return { id, name, fields, repeatsIn: [], values, badValues };
}
