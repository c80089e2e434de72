import { describe, expect, expectTypeOf, test } from 'vitest';

import { propertyTable } from '../src/index.ts';
import type {
  AckProperties,
  AuthProperties,
  ConnackProperties,
  ConnectProperties,
  DisconnectProperties,
  PropertyKind,
  PublishProperties,
  SubscribeProperties,
  UnsubscribeProperties,
  WillProperties,
} from '../src/index.ts';
import { expectedProperties } from './expected-properties.ts';
import type { ExpectedProperty, ExpectedShape, WireType } from './expected-properties.ts';

const wireTypes: Readonly<Record<PropertyKind, WireType>> = {
  flag: 'byte',
  bit: 'byte',
  u16: 'two-byte',
  u32: 'four-byte',
  variable: 'variable',
  text: 'string',
  topic: 'string',
  binary: 'binary',
  pair: 'pair',
};

const byName: ReadonlyMap<string, ExpectedProperty> = new Map(expectedProperties.map((row) => [row.name, row]));

describe('the property table', () => {
  test('has the 27 identifiers of the standard, in order, and 0x0B in a plural and a singular form [parity O18, Z36]', () => {
    expect(propertyTable.map(({ id, name }) => [id, name])).toEqual(
      expectedProperties.map(({ id, name }) => [id, name]),
    );
    expect(new Set(propertyTable.map(({ id }) => id)).size).toBe(27);
  });

  test.each(propertyTable)('$name has the data type, the carriers and the smallest value of the standard', (facts) => {
    const expected = byName.get(facts.name);
    expect({
      wire: wireTypes[facts.kind],
      least: facts.minimum,
      carriers: facts.carriers.toSorted(),
    }).toEqual({ wire: expected?.wire, least: expected?.least, carriers: expected?.carriers.toSorted() });
  });

  test('only user properties, and subscription identifiers of a PUBLISH, come more than once', () => {
    expect(propertyTable.filter(({ repeats }) => repeats).map(({ name }) => name)).toEqual([
      'subscriptionIdentifiers',
      'userProperties',
    ]);
  });

  test('a property that can only be 0 or 1 is a boolean, but for the two that are numbers by name', () => {
    const bits = propertyTable.filter(({ kind }) => kind === 'bit').map(({ name }) => name);
    expect(bits).toEqual(['payloadFormatIndicator', 'maximumQoS']);
  });

  test('only the response topic is a topic name', () => {
    expect(propertyTable.filter(({ kind }) => kind === 'topic').map(({ name }) => name)).toEqual(['responseTopic']);
  });
});

type Flat<Type> = { [Key in keyof Type]: Type[Key] };
type ExpectedAuth = Omit<ExpectedShape<'auth'>, 'authenticationMethod'> & { readonly authenticationMethod: string };

// These compare types: the type checker fails them, and the run only shows that they are there.
describe('the TypeScript types of the properties agree with the table [parity Z36]', () => {
  test('of CONNECT and its will', () => {
    expectTypeOf<Flat<ConnectProperties>>().toEqualTypeOf<Flat<ExpectedShape<'connect'>>>();
    expectTypeOf<Flat<WillProperties>>().toEqualTypeOf<Flat<ExpectedShape<'will'>>>();
  });

  test('of CONNACK', () => {
    expectTypeOf<Flat<ConnackProperties>>().toEqualTypeOf<Flat<ExpectedShape<'connack'>>>();
  });

  test('of PUBLISH', () => {
    expectTypeOf<Flat<PublishProperties>>().toEqualTypeOf<Flat<ExpectedShape<'publish'>>>();
  });

  test('of all acknowledgements', () => {
    expectTypeOf<Flat<AckProperties>>().toEqualTypeOf<Flat<ExpectedShape<'puback'>>>();
    expectTypeOf<Flat<AckProperties>>().toEqualTypeOf<Flat<ExpectedShape<'pubrec'>>>();
    expectTypeOf<Flat<AckProperties>>().toEqualTypeOf<Flat<ExpectedShape<'pubrel'>>>();
    expectTypeOf<Flat<AckProperties>>().toEqualTypeOf<Flat<ExpectedShape<'pubcomp'>>>();
    expectTypeOf<Flat<AckProperties>>().toEqualTypeOf<Flat<ExpectedShape<'suback'>>>();
    expectTypeOf<Flat<AckProperties>>().toEqualTypeOf<Flat<ExpectedShape<'unsuback'>>>();
  });

  test('of SUBSCRIBE and UNSUBSCRIBE', () => {
    expectTypeOf<Flat<SubscribeProperties>>().toEqualTypeOf<Flat<ExpectedShape<'subscribe'>>>();
    expectTypeOf<Flat<UnsubscribeProperties>>().toEqualTypeOf<Flat<ExpectedShape<'unsubscribe'>>>();
  });

  test('of DISCONNECT and AUTH', () => {
    expectTypeOf<Flat<DisconnectProperties>>().toEqualTypeOf<Flat<ExpectedShape<'disconnect'>>>();
    expectTypeOf<Flat<AuthProperties>>().toEqualTypeOf<Flat<ExpectedAuth>>();
  });
});
