/**
 * The properties of each packet, written from §3 of MQTT 5.0 and not taken from the table of the codec, so that a test
 * with them is evidence about that table.
 */
import type {
  AckProperties,
  AuthProperties,
  ConnackProperties,
  ConnectProperties,
  DisconnectProperties,
  PublishProperties,
  Role,
  SubscribeProperties,
  UnsubscribeProperties,
  UserProperty,
  WillProperties,
} from '@omqtt/codec';
import * as fc from 'fast-check';
import { texts } from './text-arbitraries.ts';
import { topicNames } from './topic-arbitraries.ts';
import { binaries, fourByteIntegers, twoByteIntegers, variableByteIntegers } from './value-arbitraries.ts';

/** An arbitrary for every member: a property that an interface gains is missed here by the compiler. */
type Members<Properties> = { [Name in keyof Properties]-?: fc.Arbitrary<Exclude<Properties[Name], undefined>> };

export function connectProperties(): fc.Arbitrary<ConnectProperties | undefined> {
  return someOf<ConnectProperties>({
    ...limits(),
    ...authentication(),
    requestResponseInformation: fc.boolean(),
    requestProblemInformation: fc.boolean(),
    userProperties: userProperties(),
  }).map(withoutOrphanedData);
}

export function willProperties(): fc.Arbitrary<WillProperties | undefined> {
  return someOf<WillProperties>({ ...message(), willDelaySeconds: fourByteIntegers() });
}

export function connackProperties(): fc.Arbitrary<ConnackProperties | undefined> {
  return someOf<ConnackProperties>({
    ...limits(),
    ...authentication(),
    maximumQoS: fc.constantFrom<0 | 1>(0, 1),
    retainAvailable: fc.boolean(),
    assignedClientId: texts(),
    wildcardSubscriptionAvailable: fc.boolean(),
    subscriptionIdentifierAvailable: fc.boolean(),
    sharedSubscriptionAvailable: fc.boolean(),
    serverKeepAliveSeconds: twoByteIntegers(),
    responseInformation: texts(),
    serverReference: texts(),
    reasonString: texts(),
    userProperties: userProperties(),
  }).map(withoutOrphanedData);
}

/** Subscription identifiers come from servers only. */
export function publishProperties(sender: Role): fc.Arbitrary<PublishProperties | undefined> {
  const fromClient = { ...message(), topicAlias: twoByteIntegers(1) };
  if (sender === 'client') return someOf<Omit<PublishProperties, 'subscriptionIdentifiers'>>(fromClient);
  const subscriptionIdentifiers = fc.array(variableByteIntegers(), { minLength: 1, maxLength: 4 });
  return someOf<PublishProperties>({ ...fromClient, subscriptionIdentifiers });
}

/** Those of PUBACK, PUBREC, PUBREL, PUBCOMP, SUBACK and UNSUBACK. */
export function ackProperties(): fc.Arbitrary<AckProperties | undefined> {
  return someOf<AckProperties>({ reasonString: texts(), userProperties: userProperties() });
}

export function subscribeProperties(): fc.Arbitrary<SubscribeProperties | undefined> {
  return someOf<SubscribeProperties>({
    subscriptionIdentifier: variableByteIntegers(),
    userProperties: userProperties(),
  });
}

export function unsubscribeProperties(): fc.Arbitrary<UnsubscribeProperties | undefined> {
  return someOf<UnsubscribeProperties>({ userProperties: userProperties() });
}

/** The session expiry is for clients to change. */
export function disconnectProperties(sender: Role): fc.Arbitrary<DisconnectProperties | undefined> {
  const fromServer = { reasonString: texts(), serverReference: texts(), userProperties: userProperties() };
  if (sender === 'server') return someOf<Omit<DisconnectProperties, 'sessionExpirySeconds'>>(fromServer);
  return someOf<DisconnectProperties>({ ...fromServer, sessionExpirySeconds: fourByteIntegers() });
}

export function authProperties(): fc.Arbitrary<AuthProperties> {
  const members: Members<AuthProperties> = {
    ...authentication(),
    reasonString: texts(),
    userProperties: userProperties(),
  };
  return fc.record(members, { requiredKeys: ['authenticationMethod'], noNullPrototype: true });
}

/** None, all, or any of them; `undefined` for none, because an empty object is not what a decoder returns. */
function someOf<Properties extends object>(members: Members<Properties>): fc.Arbitrary<Properties | undefined> {
  const some = fc.record(members, { requiredKeys: [], noNullPrototype: true });
  const all = fc.record(members, { noNullPrototype: true });
  return fc
    .oneof({ weight: 1, arbitrary: fc.constant({}) }, { weight: 3, arbitrary: some }, { weight: 1, arbitrary: all })
    .map((properties) => (Object.keys(properties).length === 0 ? undefined : (properties as Properties)));
}

function limits(): Members<
  Pick<ConnectProperties, 'sessionExpirySeconds' | 'receiveMaximum' | 'maximumPacketBytes' | 'topicAliasMaximum'>
> {
  return {
    sessionExpirySeconds: fourByteIntegers(),
    receiveMaximum: twoByteIntegers(1),
    maximumPacketBytes: fourByteIntegers(1),
    topicAliasMaximum: twoByteIntegers(),
  };
}

function authentication(): Members<Pick<AuthProperties, 'authenticationMethod' | 'authenticationData'>> {
  return { authenticationMethod: texts(), authenticationData: binaries() };
}

function message(): Members<Omit<WillProperties, 'willDelaySeconds'>> {
  return {
    payloadFormatIndicator: fc.constantFrom<0 | 1>(0, 1),
    messageExpirySeconds: fourByteIntegers(),
    contentType: texts(),
    responseTopic: topicNames(),
    correlationData: binaries(),
    userProperties: userProperties(),
  };
}

// Few names, so that they repeat; some of them are no good as keys of an object.
function userProperties(): fc.Arbitrary<readonly UserProperty[]> {
  const names = fc.oneof(fc.constantFrom('', 'a', '10', '2', '__proto__'), texts());
  return fc.array(fc.tuple(names, texts()), { minLength: 1, maxLength: 5 });
}

// Authentication Data without an Authentication Method is a protocol error.
function withoutOrphanedData<Properties extends ConnectProperties | ConnackProperties>(
  properties: Properties | undefined,
): Properties | undefined {
  if (properties?.authenticationData === undefined || properties.authenticationMethod !== undefined) return properties;
  const { authenticationData, ...rest } = properties;
  return Object.keys(rest).length === 0 ? undefined : (rest as Properties);
}
