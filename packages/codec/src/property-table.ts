/** The property table of MQTT 5.0 §2.2.2.2, and which packet may carry which property. */
import type { PropertiesOf } from './properties.ts';

export type PropertyCarrier = keyof PropertiesOf;

/** How a value is written; `flag` is a byte that is 0 or 1 and reads as a boolean, `bit` the same as a number. */
export type PropertyKind = 'flag' | 'bit' | 'u16' | 'u32' | 'variable' | 'text' | 'topic' | 'binary' | 'pair';

export interface PropertyFacts {
  readonly id: number;
  readonly name: string;
  readonly kind: PropertyKind;
  /** The smallest value of a number. */
  readonly minimum: number;
  /** The property may come more than once, and is an array in the packet object. */
  readonly repeats: boolean;
  readonly carriers: readonly PropertyCarrier[];
}

/** The properties that one kind of packet may carry. */
export interface PropertySet {
  readonly byId: (PropertyFacts | undefined)[];
  readonly byName: Map<string, PropertyFacts>;
  /** What was written last, in its order: the next packet mostly has the same properties, and needs no look-up. */
  readonly lately: PropertyFacts[];
}

const message = 'publish will';
const acknowledged = 'puback pubrec pubrel pubcomp suback unsuback';

export const propertyTable: readonly PropertyFacts[] = [
  row(0x01, 'payloadFormatIndicator', 'bit', message),
  row(0x02, 'messageExpirySeconds', 'u32', message),
  row(0x03, 'contentType', 'text', message),
  row(0x08, 'responseTopic', 'topic', message),
  row(0x09, 'correlationData', 'binary', message),
  row(0x0b, 'subscriptionIdentifiers', 'variable', 'publish', { minimum: 1, repeats: true }),
  row(0x0b, 'subscriptionIdentifier', 'variable', 'subscribe', { minimum: 1 }),
  row(0x11, 'sessionExpirySeconds', 'u32', 'connect connack disconnect'),
  row(0x12, 'assignedClientId', 'text', 'connack'),
  row(0x13, 'serverKeepAliveSeconds', 'u16', 'connack'),
  row(0x15, 'authenticationMethod', 'text', 'connect connack auth'),
  row(0x16, 'authenticationData', 'binary', 'connect connack auth'),
  row(0x17, 'requestProblemInformation', 'flag', 'connect'),
  row(0x18, 'willDelaySeconds', 'u32', 'will'),
  row(0x19, 'requestResponseInformation', 'flag', 'connect'),
  row(0x1a, 'responseInformation', 'text', 'connack'),
  row(0x1c, 'serverReference', 'text', 'connack disconnect'),
  row(0x1f, 'reasonString', 'text', `connack disconnect auth ${acknowledged}`),
  row(0x21, 'receiveMaximum', 'u16', 'connect connack', { minimum: 1 }),
  row(0x22, 'topicAliasMaximum', 'u16', 'connect connack'),
  row(0x23, 'topicAlias', 'u16', 'publish', { minimum: 1 }),
  row(0x24, 'maximumQoS', 'bit', 'connack'),
  row(0x25, 'retainAvailable', 'flag', 'connack'),
  row(
    0x26,
    'userProperties',
    'pair',
    `connect connack subscribe unsubscribe disconnect auth ${message} ${acknowledged}`,
    { repeats: true },
  ),
  row(0x27, 'maximumPacketBytes', 'u32', 'connect connack', { minimum: 1 }),
  row(0x28, 'wildcardSubscriptionAvailable', 'flag', 'connack'),
  row(0x29, 'subscriptionIdentifierAvailable', 'flag', 'connack'),
  row(0x2a, 'sharedSubscriptionAvailable', 'flag', 'connack'),
];

/** For each kind of packet the part of the table that holds for it, ready for look-ups. */
export const propertySets: Readonly<Record<PropertyCarrier, PropertySet>> = setsOf(propertyTable);

function setsOf(table: readonly PropertyFacts[]): Record<PropertyCarrier, PropertySet> {
  const sets: Partial<Record<PropertyCarrier, PropertySet>> = {};
  for (const facts of table) {
    for (const carrier of facts.carriers) {
      const set = (sets[carrier] ??= { byId: [], byName: new Map(), lately: [] });
      set.byId[facts.id] = facts;
      set.byName.set(facts.name, facts);
    }
  }
  // Every kind of packet may carry user properties.
  return sets as Record<PropertyCarrier, PropertySet>;
}

/** Authentication Data says nothing without its method (§3.1.2.11.10). */
export function lacksMethod(properties: AuthenticationFields): boolean {
  return properties.authenticationData !== undefined && properties.authenticationMethod === undefined;
}

interface AuthenticationFields {
  readonly authenticationMethod?: unknown;
  readonly authenticationData?: unknown;
}

function row(
  id: number,
  name: string,
  kind: PropertyKind,
  carriers: string,
  { minimum = 0, repeats = false }: { readonly minimum?: number; readonly repeats?: boolean } = {},
): PropertyFacts {
  return { id, name, kind, minimum, repeats, carriers: carriers.split(' ') as PropertyCarrier[] };
}
