/**
 * The property table of MQTT 5.0 §2.2.2.2, written down a second time from the standard and not from the source, with a
 * value for each property and the bytes that follow its identifier.
 */
import type { PropertyCarrier } from '../src/index.ts';

export type WireType = 'byte' | 'two-byte' | 'four-byte' | 'variable' | 'string' | 'binary' | 'pair';

export interface ExpectedProperty {
  readonly id: number;
  readonly name: string;
  readonly wire: WireType;
  /** The TypeScript type that a packet object has for it. */
  readonly value: keyof ValueTypes;
  readonly least: number;
  readonly carriers: readonly PropertyCarrier[];
  readonly sample: unknown;
  readonly bytes: readonly number[];
}

export interface ValueTypes {
  boolean: boolean;
  zeroOrOne: 0 | 1;
  number: number;
  numbers: readonly number[];
  string: string;
  bytes: Uint8Array;
  pairs: readonly (readonly [name: string, value: string])[];
}

const message = ['publish', 'will'] as const;
const limits = ['connect', 'connack'] as const;
const authentication = ['connect', 'connack', 'auth'] as const;
const acknowledgements = ['puback', 'pubrec', 'pubrel', 'pubcomp', 'suback', 'unsuback'] as const;
const explained = ['connack', ...acknowledgements, 'disconnect', 'auth'] as const;
const everywhere = [...explained, 'connect', 'will', 'publish', 'subscribe', 'unsubscribe'] as const;

const byte = { wire: 'byte', least: 0, sample: 1, bytes: [0x01] } as const;
const switchByte = { wire: 'byte', value: 'boolean', least: 0, sample: false, bytes: [0x00] } as const;
const seconds = {
  wire: 'four-byte',
  value: 'number',
  least: 0,
  sample: 0xffff_fffe,
  bytes: [0xff, 0xff, 0xff, 0xfe],
} as const;
const short = { wire: 'two-byte', value: 'number', sample: 0x0102, bytes: [0x01, 0x02] } as const;
const text = { wire: 'string', value: 'string', least: 0, sample: 'é', bytes: [0x00, 0x02, 0xc3, 0xa9] } as const;
const binary = {
  wire: 'binary',
  value: 'bytes',
  least: 0,
  sample: Uint8Array.of(0, 0xff),
  bytes: [0x00, 0x02, 0x00, 0xff],
} as const;
const pair = {
  wire: 'pair',
  value: 'pairs',
  least: 0,
  sample: [['k', '']],
  bytes: [0x00, 0x01, 0x6b, 0x00, 0x00],
} as const;
const identifier = { wire: 'variable', least: 1, bytes: [0x80, 0x01] } as const;

export const expectedProperties = [
  { id: 0x01, name: 'payloadFormatIndicator', ...byte, value: 'zeroOrOne', carriers: message },
  { id: 0x02, name: 'messageExpirySeconds', ...seconds, carriers: message },
  { id: 0x03, name: 'contentType', ...text, carriers: message },
  { id: 0x08, name: 'responseTopic', ...text, carriers: message },
  { id: 0x09, name: 'correlationData', ...binary, carriers: message },
  { id: 0x0b, name: 'subscriptionIdentifiers', ...identifier, value: 'numbers', sample: [128], carriers: ['publish'] },
  { id: 0x0b, name: 'subscriptionIdentifier', ...identifier, value: 'number', sample: 128, carriers: ['subscribe'] },
  { id: 0x11, name: 'sessionExpirySeconds', ...seconds, carriers: [...limits, 'disconnect'] },
  { id: 0x12, name: 'assignedClientId', ...text, carriers: ['connack'] },
  { id: 0x13, name: 'serverKeepAliveSeconds', ...short, least: 0, carriers: ['connack'] },
  { id: 0x15, name: 'authenticationMethod', ...text, carriers: authentication },
  { id: 0x16, name: 'authenticationData', ...binary, carriers: authentication },
  { id: 0x17, name: 'requestProblemInformation', ...switchByte, carriers: ['connect'] },
  { id: 0x18, name: 'willDelaySeconds', ...seconds, carriers: ['will'] },
  { id: 0x19, name: 'requestResponseInformation', ...switchByte, carriers: ['connect'] },
  { id: 0x1a, name: 'responseInformation', ...text, carriers: ['connack'] },
  { id: 0x1c, name: 'serverReference', ...text, carriers: ['connack', 'disconnect'] },
  { id: 0x1f, name: 'reasonString', ...text, carriers: explained },
  { id: 0x21, name: 'receiveMaximum', ...short, least: 1, carriers: limits },
  { id: 0x22, name: 'topicAliasMaximum', ...short, least: 0, carriers: limits },
  { id: 0x23, name: 'topicAlias', ...short, least: 1, carriers: ['publish'] },
  { id: 0x24, name: 'maximumQoS', ...byte, value: 'zeroOrOne', carriers: ['connack'] },
  { id: 0x25, name: 'retainAvailable', ...switchByte, carriers: ['connack'] },
  { id: 0x26, name: 'userProperties', ...pair, carriers: everywhere },
  { id: 0x27, name: 'maximumPacketBytes', ...seconds, least: 1, carriers: limits },
  { id: 0x28, name: 'wildcardSubscriptionAvailable', ...switchByte, carriers: ['connack'] },
  { id: 0x29, name: 'subscriptionIdentifierAvailable', ...switchByte, carriers: ['connack'] },
  { id: 0x2a, name: 'sharedSubscriptionAvailable', ...switchByte, carriers: ['connack'] },
] as const satisfies readonly ExpectedProperty[];

/** Whatever carries properties. */
export const carriers: readonly PropertyCarrier[] = everywhere;

type Row = (typeof expectedProperties)[number];
type RowsOf<Carrier, Each = Row> = Each extends { carriers: readonly (infer Some)[] }
  ? Carrier extends Some
    ? Each
    : never
  : never;

/** The properties that one carrier may have, as a type made of the table above. */
export type ExpectedShape<Carrier extends PropertyCarrier> = {
  readonly [Each in RowsOf<Carrier> as Each['name']]?: ValueTypes[Each['value']];
};
