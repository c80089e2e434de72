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
  /** By id and by name. */
  readonly facts: Record<number | string, PropertyFacts | undefined>;
  /** What was written last, in its order: the next packet mostly has the same properties, and needs no look-up. */
  readonly lately: PropertyFacts[];
}

// The id in hex, `+` where 0 is no value, and `*` where the property repeats; name, kind, carriers.
export const propertyTable: readonly PropertyFacts[] = /* @__PURE__ */ `\
01 payloadFormatIndicator bit publish will
02 messageExpirySeconds u32 publish will
03 contentType text publish will
08 responseTopic topic publish will
09 correlationData binary publish will
0b+* subscriptionIdentifiers variable publish
0b+ subscriptionIdentifier variable subscribe
11 sessionExpirySeconds u32 connect connack disconnect
12 assignedClientId text connack
13 serverKeepAliveSeconds u16 connack
15 authenticationMethod text connect connack auth
16 authenticationData binary connect connack auth
17 requestProblemInformation flag connect
18 willDelaySeconds u32 will
19 requestResponseInformation flag connect
1a responseInformation text connack
1c serverReference text connack disconnect
1f reasonString text connack disconnect auth puback pubrec pubrel pubcomp suback unsuback
21+ receiveMaximum u16 connect connack
22 topicAliasMaximum u16 connect connack
23+ topicAlias u16 publish
24 maximumQoS bit connack
25 retainAvailable flag connack
26* userProperties pair connect subscribe unsubscribe publish will connack disconnect auth puback pubrec pubrel pubcomp suback unsuback
27+ maximumPacketBytes u32 connect connack
28 wildcardSubscriptionAvailable flag connack
29 subscriptionIdentifierAvailable flag connack
2a sharedSubscriptionAvailable flag connack`
  .split('\n')
  .map(factsOf);

/** For each kind of packet the part of the table that holds for it, ready for look-ups. */
export const propertySets: Readonly<Record<PropertyCarrier, PropertySet>> = /* @__PURE__ */ setsOf(propertyTable);

function setsOf(table: readonly PropertyFacts[]): Record<PropertyCarrier, PropertySet> {
  const sets: Partial<Record<PropertyCarrier, PropertySet>> = {};
  for (const facts of table) {
    for (const carrier of facts.carriers) {
      const set = (sets[carrier] ??= { facts: Object.create(null) as PropertySet['facts'], lately: [] });
      set.facts[facts.id] = facts;
      set.facts[facts.name] = facts;
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

function factsOf(row: string): PropertyFacts {
  const [id, name, kind, ...carriers] = row.split(' ') as [string, string, PropertyKind, ...PropertyCarrier[]];
  return {
    id: Number.parseInt(id, 16),
    name,
    kind,
    minimum: Number(id.includes('+')),
    repeats: id.includes('*'),
    carriers,
  };
}
