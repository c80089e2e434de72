import { describe, expect, test } from 'vitest';

import { decode, type Packet, type ProtocolVersion } from '../src/index.ts';
import { errorOf } from './decode-refusal.ts';
import { framed } from './vectors/framing.ts';
import { companionsOf, packetWith, type Carrier } from './vectors/property-carriers.ts';
import { propertyFacts } from './vectors/property-facts.ts';
import { octets, type Field } from './vectors/vector.ts';

/** A place where a packet holds a text. */
interface Place {
  readonly name: string;
  readonly version: ProtocolVersion;
  /** The packet with that text, length included, in that place. */
  readonly packet: (text: Field) => Uint8Array;
}

function places(name: string, firstByte: number, bodies: Bodies): readonly Place[] {
  const build = (body: Body) => (text: Field) => framed(firstByte, octets(body(text)));
  const five: readonly Place[] = bodies.v5 ? [{ name, version: '5.0', packet: build(bodies.v5) }] : [];
  return [...five, { name: `${name} in 3.1.1`, version: '3.1.1', packet: build(bodies.v3) }];
}

type Body = (text: Field) => readonly Field[];
interface Bodies {
  readonly v5?: Body;
  readonly v3: Body;
}

const ID: Field = [0x00, 0x01];
const C: Field = [0x00, 0x01, 'c'];

/** The beginning of a CONNECT body. */
function connect(level: number, flags: number): Field {
  return [0x00, 0x04, 'MQTT', level, flags, 0x00, 0x0a];
}

const topics = places('topic', 0x30, { v5: (text) => [text, [0x00]], v3: (text) => [text] });
const clientIds = places('client id', 0x10, {
  v5: (text) => [connect(5, 0x02), [0x00], text],
  v3: (text) => [connect(4, 0x02), text],
});
const willTopics = places('will topic', 0x10, {
  v5: (text) => [connect(5, 0x06), [0x00], C, [0x00], text, [0x00, 0x00]],
  v3: (text) => [connect(4, 0x06), C, text, [0x00, 0x00]],
});
const usernames = places('user name', 0x10, {
  v5: (text) => [connect(5, 0x82), [0x00], C, text],
  v3: (text) => [connect(4, 0x82), C, text],
});
const subscribed = places('filter of SUBSCRIBE', 0x82, {
  v5: (text) => [ID, [0x00], text, [0x01]],
  v3: (text) => [ID, text, [0x01]],
});
const unsubscribed = places('filter of UNSUBSCRIBE', 0xa2, {
  v5: (text) => [ID, [0x00], C, text],
  v3: (text) => [ID, C, text],
});
const filters = [...subscribed, ...unsubscribed];

function propertyPlaces(id: number): readonly Place[] {
  return propertyFacts
    .filter((fact) => fact.id === id)
    .flatMap((fact) =>
      (Object.keys(fact.fields) as Carrier[]).map((carrier): Place => ({
        name: `${fact.name} in ${carrier}`,
        version: '5.0',
        packet: (text) => packetWith(carrier, [...companionsOf(id, carrier), [id, ...text]]),
      })),
    );
}

const USER_PROPERTY = 0x26;
const pairNames = propertyPlaces(USER_PROPERTY).map((place): Place => ({
  ...place,
  name: `name of ${place.name}`,
  packet: (text) => place.packet([...text, ...C]),
}));
const pairValues = propertyPlaces(USER_PROPERTY).map((place): Place => ({
  ...place,
  name: `value of ${place.name}`,
  packet: (text) => place.packet([...C, ...text]),
}));
const responseTopics = propertyPlaces(0x08);
const contentTypes = propertyPlaces(0x03);
const otherProperties = [0x12, 0x15, 0x1a, 0x1c, 0x1f].flatMap(propertyPlaces);
const fields = [topics, clientIds, willTopics, usernames, filters];
const properties = [pairNames, pairValues, responseTopics, contentTypes, otherProperties];
const allPlaces: readonly Place[] = [...fields, ...properties].flat();

const illFormed: readonly (readonly number[])[] = [
  [0xed, 0xa0, 0x80], // U+D800, the first surrogate
  [0xed, 0xbf, 0xbf], // U+DFFF, the last one
  [0xed, 0xa0, 0xbd, 0xed, 0xb8, 0x80], // U+1F600 as two surrogates
  [0xc0, 0x80], // U+0000 in two bytes
  [0xc0, 0xaf], // / in two bytes
  [0xc1, 0xbf], // U+007F in two bytes
  [0xe0, 0x80, 0x80], // U+0000 in three bytes
  [0xe0, 0x9f, 0xbf], // U+07FF in three bytes
  [0xf0, 0x80, 0x80, 0xaf], // / in four bytes
  [0xf0, 0x8f, 0xbf, 0xbf], // U+FFFF in four bytes
  [0xf4, 0x90, 0x80, 0x80], // U+110000
  [0xf5, 0x80, 0x80, 0x80], // U+140000
  [0xf8, 0x88, 0x80, 0x80, 0x80], // a character of five bytes
  [0xfc, 0x84, 0x80, 0x80, 0x80, 0x80], // a character of six bytes
  [0xfe], // never a part of a character
  [0xff],
  [0x80], // the second byte of a character without its first
  [0xbf, 0xbf],
  [0xc3], // a character of two bytes without its second
  [0xe2, 0x82], // € without its third byte
  [0xf0, 0x9f, 0x98], // U+1F600 without its fourth byte
  [0xc3, 0x28], // ( where the second byte of a character is due
  [0xe2, 0x82, 0x41], // A where the third one is due
];

/** The ways in which the bytes stand in a text: alone, and with others around them. */
function textsWith(bytes: readonly number[]): readonly Field[] {
  const before = Array.from('so far so good, ');
  return [bytes, [...before, ...bytes], [...bytes, 'z'], [0xc3, 0xa9, ...bytes], [...before, ...bytes, ...before]].map(
    (text): Field => [0x00, octets([text]).length, ...text],
  );
}

/** How the place answers texts with these bytes; one line where it answers all of them alike. */
function answers({ packet, version }: Place, bad: readonly (readonly number[])[]): string[] {
  const lines = bad.flatMap(textsWith).map((text) => {
    const { problem, reasonCode, statement } = errorOf(packet(text), version);
    return `${problem} ${reasonCode} ${statement}`;
  });
  return [...new Set(lines)];
}

const statements = {
  '5.0': { illFormed: 'MQTT-1.5.4-1', nul: 'MQTT-1.5.4-2' },
  '3.1.1': { illFormed: 'MQTT-1.5.3-1', nul: 'MQTT-1.5.3-2' },
} as const;

function illFormedAnswer({ version }: Place): string[] {
  return [`ill-formed-text 129 ${statements[version].illFormed}`];
}

function nullAnswer({ version }: Place): string[] {
  return [`null-character 129 ${statements[version].nul}`];
}

describe('[5.0 MQTT-1.5.4-1] [3.1.1 MQTT-1.5.3-1] ill-formed UTF-8 is malformed', () => {
  test.each(topics)('[5.0 MQTT-3.3.2-1] [3.1.1 MQTT-3.3.2-1] $name', (place) => {
    expect(answers(place, illFormed)).toStrictEqual(illFormedAnswer(place));
  });
  test.each(clientIds)('[5.0 MQTT-3.1.3-4] [3.1.1 MQTT-3.1.3-4] $name', (place) => {
    expect(answers(place, illFormed)).toStrictEqual(illFormedAnswer(place));
  });
  test.each(willTopics)('[5.0 MQTT-3.1.3-11] [3.1.1 MQTT-3.1.3-10] $name', (place) => {
    expect(answers(place, illFormed)).toStrictEqual(illFormedAnswer(place));
  });
  test.each(usernames)('[5.0 MQTT-3.1.3-12] [3.1.1 MQTT-3.1.3-11] $name', (place) => {
    expect(answers(place, illFormed)).toStrictEqual(illFormedAnswer(place));
  });
  test.each(subscribed)('[5.0 MQTT-3.8.3-1] [3.1.1 MQTT-3.8.3-1] $name', (place) => {
    expect(answers(place, illFormed)).toStrictEqual(illFormedAnswer(place));
  });
  test.each(unsubscribed)('[5.0 MQTT-3.10.3-1] [3.1.1 MQTT-3.10.3-1] $name', (place) => {
    expect(answers(place, illFormed)).toStrictEqual(illFormedAnswer(place));
  });
  test.each([...pairNames, ...pairValues])('[5.0 MQTT-1.5.7-1] $name', (place) => {
    expect(answers(place, illFormed)).toStrictEqual(illFormedAnswer(place));
  });
  test.each(responseTopics)('[5.0 MQTT-3.3.2-13] $name', (place) => {
    expect(answers(place, illFormed)).toStrictEqual(illFormedAnswer(place));
  });
  test.each(contentTypes)('[5.0 MQTT-3.3.2-19] $name', (place) => {
    expect(answers(place, illFormed)).toStrictEqual(illFormedAnswer(place));
  });
  test.each(otherProperties)('$name', (place) => {
    expect(answers(place, illFormed)).toStrictEqual(illFormedAnswer(place));
  });

  test('the protocol name', () => {
    const bytes = framed(0x10, octets([[0x00, 0x04, 'MQT', 0xff], [0x05, 0x02, 0x00, 0x00], [0x00], C]));
    expect(errorOf(bytes, '5.0').problem).toBe('ill-formed-text');
  });
});

describe('[5.0 MQTT-1.5.4-2] [3.1.1 MQTT-1.5.3-2] U+0000 is malformed', () => {
  const inNames = [...topics, ...willTopics, ...filters, ...responseTopics];
  test.each(inNames)('[5.0 MQTT-4.7.3-2] [3.1.1 MQTT-4.7.3-2] $name', (place) => {
    expect(answers(place, [[0x00], [0x00, 0x00]])).toStrictEqual(nullAnswer(place));
  });

  test.each(allPlaces.filter((place) => !inNames.includes(place)))('$name', (place) => {
    expect(answers(place, [[0x00], [0x00, 0x00]])).toStrictEqual(nullAnswer(place));
  });
});

/** All texts in a packet, wherever they stand. */
function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (value instanceof Uint8Array || typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(textsIn);
}

function readTexts({ packet, version }: Place, bytes: readonly number[]): string[] {
  const decoded: Packet = decode(packet([0x00, bytes.length, ...bytes]), version);
  return textsIn(decoded);
}

describe('[5.0 MQTT-1.5.4-3] [3.1.1 MQTT-1.5.3-3] the bytes of a byte order mark are a character that is kept', () => {
  test.each(allPlaces)('$name', (place) => {
    expect(readTexts(place, [0xef, 0xbb, 0xbf, 0x61])).toContain('\uFEFFa');
    expect(readTexts(place, [0xef, 0xbb, 0xbf])).toContain('\uFEFF');
    expect(readTexts(place, [0x61, 0xef, 0xbb, 0xbf, 0xef, 0xbb, 0xbf])).toContain('a\uFEFF\uFEFF');
  });
});

describe('every other character is read, wanted or not', () => {
  const sound: readonly (readonly [bytes: readonly number[], text: string])[] = [
    [[0x01, 0x1f, 0x7f], '\u0001\u001F\u007F'],
    [[0xc2, 0x80, 0xc2, 0x9f], '\u0080\u009F'],
    [[0xdf, 0xbf], '\u07FF'],
    [[0xe0, 0xa0, 0x80], '\u0800'],
    [[0xed, 0x9f, 0xbf], '\uD7FF'],
    [[0xee, 0x80, 0x80], '\uE000'],
    [[0xef, 0xb7, 0x90], '\uFDD0'],
    [[0xef, 0xbf, 0xbd], '\uFFFD'],
    [[0xef, 0xbf, 0xbe, 0xef, 0xbf, 0xbf], '\uFFFE\uFFFF'],
    [[0xf0, 0x90, 0x80, 0x80], '\u{10000}'],
    [[0xf0, 0x9f, 0x98, 0x80, 0x61], '\u{1F600}a'],
    [[0xf4, 0x8f, 0xbf, 0xbf], '\u{10FFFF}'],
    [[0x65, 0xcc, 0x81], 'e\u0301'],
  ];
  test.each(allPlaces)('$name', (place) => {
    for (const [bytes, text] of sound) expect(readTexts(place, bytes)).toContain(text);
  });
});

describe('texts that resemble each other are told apart', () => {
  test('ten thousand topics, two times, and by their length alone', () => {
    const names = [
      ...Array.from({ length: 10_000 }, (_, index) => `sensors/${index}/temperature`),
      ...Array.from({ length: 300 }, (_, length) => 'x'.repeat(length + 1)),
    ];
    for (const name of [...names, ...names]) {
      const text: Field = [Math.floor(name.length / 256), name.length % 256, name];
      for (const { packet, version } of topics) {
        const decoded = decode(packet(text), version);
        expect(decoded.type === 'publish' && decoded.topic).toBe(name);
      }
    }
  });
});

describe('at any place in a topic of any length', () => {
  const lengths = Array.from({ length: 13 }, (_, index) => index + 1);
  const withByte = (byte: number): Uint8Array[] =>
    lengths.flatMap((length) =>
      Array.from({ length }, (_, at) =>
        framed(0x30, octets([[0, length], Array.from({ length }, (__, index) => (index === at ? byte : 0x61)), [0]])),
      ),
    );

  test.each([
    [0x00, 'null-character'],
    [0x23, 'wildcard-in-topic'],
    [0x2b, 'wildcard-in-topic'],
    [0x80, 'ill-formed-text'],
    [0xff, 'ill-formed-text'],
  ])('byte %i is refused: %s', (byte, problem) => {
    const problems = withByte(byte).map((packet) => errorOf(packet, '5.0').problem);
    expect([problems.length, new Set(problems)]).toStrictEqual([91, new Set([problem])]);
  });

  test.each([0x01, 0x20, 0x22, 0x24, 0x2a, 0x2c, 0x2f, 0x63, 0x6b, 0x7f])('byte %i is read', (byte) => {
    const read = withByte(byte).map((packet) => decode(packet, '5.0'));
    const expected = withByte(byte).map((packet) => String.fromCharCode(...packet.subarray(4, -1)));
    expect(read.map((packet) => packet.type === 'publish' && packet.topic)).toStrictEqual(expected);
  });
});
