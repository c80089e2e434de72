import { describe, expect, test } from 'vitest';

import { decode } from '../src/index.ts';
import { errorOf } from './decode-refusal.ts';
import { carriers, companionFieldsOf, companionsOf, packetWith, propertiesIn } from './vectors/property-carriers.ts';
import type { Carrier } from './vectors/property-carriers.ts';
import { propertyFacts, type PropertyFact } from './vectors/property-facts.ts';
import type { Field } from './vectors/vector.ts';

interface Pair {
  readonly fact: PropertyFact;
  readonly name: string;
  readonly carrier: Carrier;
}

const pairs: readonly Pair[] = propertyFacts.flatMap((fact) =>
  carriers.map((carrier) => ({ fact, name: fact.name, carrier })),
);
const allowed = pairs.filter(({ fact, carrier }) => fact.fields[carrier] !== undefined);
const forbidden = pairs.filter(({ fact, carrier }) => fact.fields[carrier] === undefined);
const single = allowed.filter(({ fact, carrier }) => !fact.repeatsIn.includes(carrier));
const repeatable = allowed.filter(({ fact, carrier }) => fact.repeatsIn.includes(carrier));

/** The packet with these properties, and whatever else it needs to be sound. */
function packetOf({ fact, carrier }: Pair, values: readonly Field[]): Uint8Array {
  const properties = values.map((value): Field => [fact.id, ...value]);
  return packetWith(carrier, [...companionsOf(fact.id, carrier), ...properties]);
}

function sampleOf(fact: PropertyFact): Field {
  return fact.values[0]?.[0] ?? [];
}

function read(pair: Pair, values: readonly Field[]): object | undefined {
  return propertiesIn(pair.carrier, decode(packetOf(pair, values), '5.0'));
}

test('27 properties and 14 carriers make 378 pairs, of which 64 are allowed', () => {
  expect(new Set(propertyFacts.map(({ id }) => id)).size).toBe(27);
  expect([allowed.length, forbidden.length]).toStrictEqual([64, 314]);
});

describe('a property where it belongs is read', () => {
  test.each(single)('$name in $carrier: each value as it was written', (pair) => {
    const { fact, carrier } = pair;
    for (const [bytes, value] of fact.values) {
      const expected = { ...companionFieldsOf(fact.id, carrier), [fact.fields[carrier] ?? '']: value };
      expect(read(pair, [bytes])).toStrictEqual(expected);
    }
  });

  test.each(repeatable)('$name in $carrier: a list of one, and a list in order', (pair) => {
    const { fact, carrier } = pair;
    const companions = companionFieldsOf(fact.id, carrier);
    const field = fact.fields[carrier] ?? '';
    const bytes = fact.values.map(([written]) => written);
    const values = fact.values.map(([, value]) => value);
    for (const [index, one] of bytes.entries()) {
      expect(read(pair, [one])).toStrictEqual({ ...companions, [field]: [values[index]] });
    }
    const backAndForth = [...bytes, ...bytes.toReversed()];
    const expected = [...values, ...values.toReversed()];
    expect(read(pair, backAndForth)).toStrictEqual({ ...companions, [field]: expected });
  });
});

describe('a property where it does not belong is a malformed packet', () => {
  test.each(forbidden)('$name in $carrier', (pair) => {
    expect(errorOf(packetOf(pair, [sampleOf(pair.fact)]), '5.0')).toMatchObject({
      problem: 'misplaced-property',
      reasonCode: 0x81,
    });
  });

  test.each(carriers)('an identifier that no property has, in %s [parity B9]', (carrier) => {
    const known = new Set(propertyFacts.map(({ id }) => id));
    for (let id = 0; id < 128; id += 1) {
      if (known.has(id)) continue;
      const error = errorOf(packetWith(carrier, [[id, 0x00, 0x01, 'x']]), '5.0');
      expect([id, error.problem, error.reasonCode]).toStrictEqual([id, 'misplaced-property', 0x81]);
    }
  });

  test.each(carriers)('an identifier of more than one byte, in %s', (carrier) => {
    // 0x81 0x02 is 257: whoever looks at the low byte only sees a Payload Format Indicator.
    for (const id of [
      [0x80, 0x01],
      [0x81, 0x02],
      [0xa6, 0x02],
      [0xff, 0xff, 0xff, 0x7f],
    ]) {
      expect(errorOf(packetWith(carrier, [[...id, 0x01]]), '5.0').problem).toBe('misplaced-property');
    }
  });
});

describe('a property that may come once is a protocol error when it comes twice', () => {
  test.each(single)('$name in $carrier', (pair) => {
    for (const [value] of pair.fact.values) {
      const error = errorOf(packetOf(pair, [value, sampleOf(pair.fact)]), '5.0');
      expect([error.problem, error.reasonCode]).toStrictEqual(['repeated-property', 0x82]);
    }
  });
});

describe('a value that a property cannot have is refused', () => {
  test.each(allowed.filter(({ fact }) => fact.badValues.length > 0))('$name in $carrier', (pair) => {
    for (const [bytes, problem, reasonCode] of pair.fact.badValues) {
      const error = errorOf(packetOf(pair, [bytes]), '5.0');
      expect([bytes, error.problem, error.reasonCode]).toStrictEqual([bytes, problem, reasonCode]);
    }
  });

  test.each(allowed)('$name in $carrier: cut off by the end of the property block', (pair) => {
    const { fact, carrier } = pair;
    const companions = companionsOf(fact.id, carrier);
    const whole: Field = [fact.id, ...sampleOf(fact)];
    const length = packetWith(carrier, [...companions, whole]).length - packetWith(carrier, companions).length;
    const before = packetWith(carrier, companions).length - packetWith(carrier, []).length;
    for (let cut = before + 1; cut < before + length; cut += 1) {
      const error = errorOf(packetWith(carrier, [...companions, whole], cut), '5.0');
      expect([cut, error.problem, error.reasonCode]).toStrictEqual([cut, 'truncated', 0x81]);
    }
  });
});

describe('the Property Length is refused', () => {
  test.each(carriers)('when it reaches past the end of %s', (carrier) => {
    for (const length of [100, 128, 268_435_455]) {
      expect(errorOf(packetWith(carrier, [], length), '5.0')).toMatchObject({ problem: 'truncated', reasonCode: 0x81 });
    }
  });
});
