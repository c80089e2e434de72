import { describe, expect, test } from 'vitest';

import { decode, encode, InvalidPacketError } from '../src/index.ts';
import type { PropertyCarrier } from '../src/index.ts';
import { carriers, expectedProperties } from './expected-properties.ts';
import type { ExpectedProperty } from './expected-properties.ts';
import { refusal } from './refusal.ts';
import { bytesWith, frames, packetWith } from './sample-packets.ts';

const method = { id: 0x15, name: 'authenticationMethod', bytes: [0x00, 0x02, 0xc3, 0xa9] };
const rows: readonly ExpectedProperty[] = expectedProperties;
const ofWire = (...wires: string[]): ExpectedProperty[] => rows.filter(({ wire }) => wires.includes(wire));
const firstCarrier = ({ carriers: [first = 'connect'] }: ExpectedProperty): PropertyCarrier => first;

/** Authentication data means nothing without a method, and an AUTH without one is never sent. */
function needsMethod(carrier: PropertyCarrier, name: string): boolean {
  return carrier === 'auth' || name === 'authenticationData';
}

function withMethodFor({ name }: ExpectedProperty): object {
  return name === 'authenticationData' ? { [method.name]: 'm' } : {};
}

const allowed = rows.flatMap((row) => row.carriers.map((carrier) => ({ ...row, carrier })));
const misplaced = rows.flatMap((row) =>
  carriers.filter((carrier) => !row.carriers.includes(carrier)).map((carrier) => ({ ...row, carrier })),
);

describe('each property in each packet that may carry it', () => {
  test.each(allowed)('$name in $carrier', ({ id, name, sample, bytes, carrier }) => {
    const withMethod = needsMethod(carrier, name);
    const properties = { ...(withMethod && { [method.name]: 'é' }), [name]: sample };
    const first = withMethod && name !== method.name ? [method.id, ...method.bytes] : [];
    const written = encode(packetWith(carrier, properties), '5.0');
    expect([...written]).toEqual(bytesWith(carrier, [...first, id, ...bytes]));
    expect(decode(written, '5.0')).toEqual(packetWith(carrier, properties));
  });
});

describe('each property is refused in each packet that may not carry it', () => {
  test.each(misplaced)('$name in $carrier', ({ name, sample, carrier }) => {
    const error = refusal(packetWith(carrier, { [name]: sample }));
    expect(error).toBeInstanceOf(InvalidPacketError);
    expect(error).toMatchObject({ problem: 'misplaced-property' });
    expect(error).toHaveProperty('field', expect.stringMatching(new RegExp(`properties\\.${name}$`)));
  });

  test('the matrix has every property against every carrier', () => {
    expect(allowed.length + misplaced.length).toBe(28 * 14);
  });
});

test.each(carriers)('a property that the standard does not know is refused in %s', (carrier) => {
  for (const name of ['colour', 'ReasonString', 'constructor', 'toString', '0', '']) {
    expect(refusal(packetWith(carrier, { [name]: 'x' }))).toMatchObject({ problem: 'misplaced-property' });
  }
});

test.each(carriers)('the properties of %s that are undefined are not written', (carrier) => {
  const nothing = Object.fromEntries(
    rows.filter(({ name }) => name !== method.name).map(({ name }) => [name, undefined]),
  );
  expect(encode(packetWith(carrier, nothing), '5.0')).toEqual(encode(packetWith(carrier, {}), '5.0'));
});

describe('a property is refused with a value of another type', () => {
  const wrong: Readonly<Record<ExpectedProperty['value'], readonly unknown[]>> = {
    boolean: [0, 1, 'true', null, {}, []],
    zeroOrOne: [2, -1, 0.5, true, false, '0', '1', null, Number.NaN, 1n, -0.1],
    number: ['1', true, null, {}, [], [1], 1.5, Number.NaN, Infinity, -Infinity, 1n, -1],
    numbers: [1, '1', null, {}, new Set([1]), [0], ['1'], [1.5], [-1], [1, 0], [null], [undefined], [Number.NaN]],
    string: [1, true, null, {}, ['a'], new Uint8Array(1)],
    bytes: ['00', 1, true, null, {}, [1, 2], new ArrayBuffer(1), new Uint16Array(1)],
    pairs: [
      'ab',
      { a: 'b' },
      1,
      null,
      new Map([['a', 'b']]),
      ['ab'],
      [['a']],
      [[]],
      [['a', 'b', 'c']],
      [['a', 1]],
      [[1, 'b']],
      [['a', undefined]],
      [null],
      [{ 0: 'a', 1: 'b', length: 2 }],
      [['a', 'b'], ['c']],
    ],
  };

  test.each(rows)('$name', (row) => {
    const carrier = firstCarrier(row);
    const field: unknown = expect.stringMatching(new RegExp(`(^|\\.)${row.name}$`));
    for (const value of wrong[row.value]) {
      const error = refusal(frames[carrier].packet({ ...withMethodFor(row), [row.name]: value }));
      expect(error).toBeInstanceOf(InvalidPacketError);
      expect(error).toHaveProperty('field', field);
      expect(['bad-value', 'bad-topic-alias']).toContain((error as InvalidPacketError).problem);
    }
  });
});

describe('a number is refused outside its range and written at its ends', () => {
  const largest: Readonly<Record<string, number>> = {
    'two-byte': 0xffff,
    'four-byte': 0xffff_ffff,
    variable: 268_435_455,
  };

  test.each(ofWire('two-byte', 'four-byte', 'variable'))('$name', (row) => {
    const { name, least, wire } = row;
    const most = largest[wire] ?? 0;
    const carrier = firstCarrier(row);
    const properties = (value: number): object => ({ [name]: row.value === 'numbers' ? [value] : value });
    for (const value of [least - 1, most + 1, -1, most + 0.5]) {
      expect(refusal(packetWith(carrier, properties(value)))).toBeInstanceOf(InvalidPacketError);
    }
    for (const value of [least, most]) {
      const packet = packetWith(carrier, properties(value));
      expect(decode(encode(packet, '5.0'), '5.0')).toEqual(packet);
    }
  });
});

test('binary data of 65535 bytes is written, and of 65536 is refused', () => {
  const most = { correlationData: new Uint8Array(65_535).fill(7) };
  expect(decode(encode(packetWith('publish', most), '5.0'), '5.0')).toEqual(packetWith('publish', most));
  const packets = [
    packetWith('publish', { correlationData: new Uint8Array(65_536) }),
    packetWith('connect', { authenticationMethod: 'm', authenticationData: new Uint8Array(65_536) }),
    { ...packetWith('connect', {}), password: new Uint8Array(65_536) },
    {
      ...packetWith('connect', {}),
      will: { topic: 't', payload: new Uint8Array(65_536), qos: 0, retain: false },
    },
  ];
  for (const packet of packets) expect(refusal(packet)).toMatchObject({ problem: 'text-too-long' });
});

test('[5.0 MQTT-1.5.5-1] a subscription identifier takes as few bytes as it can', () => {
  const widths: readonly (readonly [value: number, bytes: readonly number[]])[] = [
    [1, [0x01]],
    [127, [0x7f]],
    [128, [0x80, 0x01]],
    [16_383, [0xff, 0x7f]],
    [16_384, [0x80, 0x80, 0x01]],
    [2_097_151, [0xff, 0xff, 0x7f]],
    [2_097_152, [0x80, 0x80, 0x80, 0x01]],
    [268_435_455, [0xff, 0xff, 0xff, 0x7f]],
  ];
  for (const [subscriptionIdentifier, bytes] of widths) {
    const written = encode(packetWith('subscribe', { subscriptionIdentifier }), '5.0');
    expect([...written]).toEqual(bytesWith('subscribe', [0x0b, ...bytes]));
  }
  expect(refusal(packetWith('subscribe', { subscriptionIdentifier: 268_435_456 }))).toMatchObject({
    problem: 'bad-value',
  });
});

describe('authentication', () => {
  test.each(['connect', 'connack'] as const)('data without a method is refused in %s', (carrier) => {
    const authenticationData = new Uint8Array(1);
    for (const properties of [{ authenticationData }, { authenticationData, authenticationMethod: undefined }]) {
      expect(refusal(packetWith(carrier, properties))).toMatchObject({
        problem: 'no-authentication-method',
        field: 'properties.authenticationMethod',
      });
    }
  });

  test('needs its method in every AUTH', () => {
    const properties = [undefined, null, {}, { authenticationData: new Uint8Array(1) }, { reasonString: 'r' }];
    for (const each of properties) {
      expect(refusal({ type: 'auth', reasonCode: 0x18, properties: each })).toMatchObject({
        problem: 'no-authentication-method',
        field: 'properties.authenticationMethod',
      });
    }
  });
});
