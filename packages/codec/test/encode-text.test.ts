import { describe, expect, test } from 'vitest';

import { encode, InvalidPacketError } from '../src/index.ts';
import type { Packet, ProtocolVersion } from '../src/index.ts';
import { expectedProperties } from './expected-properties.ts';
import type { ExpectedProperty } from './expected-properties.ts';
import { refusal } from './refusal.ts';
import { frames, packetWith } from './sample-packets.ts';

interface TextField {
  readonly field: string;
  readonly packet: (text: string) => unknown;
}

const empty = new Uint8Array(0);
const connect = frames.connect.packet({});
const fields: readonly TextField[] = [
  { field: 'clientId', packet: (clientId) => ({ ...connect, clientId }) },
  { field: 'username', packet: (username) => ({ ...connect, username }) },
  { field: 'will.topic', packet: (topic) => ({ ...connect, will: { topic, payload: empty, qos: 0, retain: false } }) },
  { field: 'topic', packet: (topic) => ({ ...frames.publish.packet({}), topic }) },
  { field: 'filter', packet: (filter) => subscribe(filter) },
  { field: 'filter', packet: (filter) => ({ type: 'unsubscribe', packetId: 1, filters: ['a', filter] }) },
];

const rows: readonly ExpectedProperty[] = expectedProperties;
const properties: readonly TextField[] = rows.flatMap(({ name, wire, carriers }) => {
  if (wire !== 'string') return [];
  return carriers.map((carrier) => ({ field: name, packet: (text: string) => packetWith(carrier, { [name]: text }) }));
});
const pairs: readonly TextField[] = frameNames().flatMap((carrier) => [
  {
    field: 'userProperties',
    packet: (text: string) =>
      packetWith(carrier, {
        userProperties: [
          ['a', 'b'],
          [text, ''],
        ],
      }),
  },
  { field: 'userProperties', packet: (text: string) => packetWith(carrier, { userProperties: [['', text]] }) },
]);

const illFormed = [
  '\ud800',
  '\udfff',
  'a\udc00',
  '\ud83d',
  'x\ud83dy',
  '\udc00\ud800',
  '\ud800\ud800\udc00',
  '€\udbff',
];
const withNull = ['\0', 'a\0', '\0a', 'é\0', '🦊\0'];

describe('an ill-formed string is refused', () => {
  test('[5.0 MQTT-1.5.4-1, MQTT-3.1.3-4, MQTT-3.1.3-11, MQTT-3.1.3-12, MQTT-3.3.2-1, MQTT-3.8.3-1, MQTT-3.10.3-1] in each text field', () => {
    expect(refusals(fields, illFormed)).toEqual(['ill-formed-text MQTT-1.5.4-1']);
  });

  test('[3.1.1 MQTT-1.5.3-1, MQTT-3.1.3-4, MQTT-3.1.3-10, MQTT-3.1.3-11, MQTT-3.3.2-1, MQTT-3.8.3-1, MQTT-3.10.3-1] in each text field of 3.1.1', () => {
    expect(refusals(fields.map(in311), illFormed, '3.1.1')).toEqual(['ill-formed-text MQTT-1.5.3-1']);
  });

  test('[5.0 MQTT-1.5.4-1, MQTT-3.3.2-13, MQTT-3.3.2-19] in each text property of each packet', () => {
    expect(properties).toHaveLength(20);
    expect(refusals(properties, illFormed)).toEqual(['ill-formed-text MQTT-1.5.4-1']);
  });

  test('[5.0 MQTT-1.5.7-1] in the names and the values of user properties', () => {
    expect(refusals(pairs, illFormed)).toEqual(['ill-formed-text MQTT-1.5.4-1']);
  });
});

describe('U+0000 is refused', () => {
  test('[5.0 MQTT-1.5.4-2, MQTT-4.7.3-2] in each text field', () => {
    expect(refusals(fields, withNull)).toEqual(['null-character MQTT-1.5.4-2']);
  });

  test('[3.1.1 MQTT-1.5.3-2, MQTT-4.7.3-2] in each text field of 3.1.1', () => {
    expect(refusals(fields.map(in311), withNull, '3.1.1')).toEqual(['null-character MQTT-1.5.3-2']);
  });

  test('[5.0 MQTT-1.5.4-2] in each text property of each packet', () => {
    expect(refusals(properties, withNull)).toEqual(['null-character MQTT-1.5.4-2']);
  });

  test('[5.0 MQTT-1.5.7-1] in the names and the values of user properties', () => {
    expect(refusals(pairs, withNull)).toEqual(['null-character MQTT-1.5.4-2']);
  });
});

describe('65535 bytes are the most for a text', () => {
  // One more byte than allowed, in characters of one, two, three and four bytes.
  const tooLong = ['a'.repeat(65_536), 'é'.repeat(32_768), `${'€'.repeat(21_845)}a`, '🦊'.repeat(16_384)];
  const longest = ['a'.repeat(65_535), `${'é'.repeat(32_767)}a`, '€'.repeat(21_845), `${'🦊'.repeat(16_383)}€`];

  test('[5.0 MQTT-4.7.3-3] [3.1.1 MQTT-4.7.3-3] counted as UTF-8, in topics, filters and the other fields [parity B32]', () => {
    expect(problemsOf(refusals(fields, tooLong))).toEqual(['text-too-long']);
    expect(problemsOf(refusals(fields.map(in311), tooLong, '3.1.1'))).toEqual(['text-too-long']);
  });

  test('counted as UTF-8, in each text property and in user properties', () => {
    const some = [...properties, ...pairs].filter((_, index) => index % 5 === 0);
    expect(problemsOf(refusals(some, tooLong))).toEqual(['text-too-long']);
  });

  test('[5.0 MQTT-4.7.3-3] [3.1.1 MQTT-4.7.3-3] and so many are written', () => {
    for (const text of longest) {
      for (const { packet } of fields) {
        const written = encode(packet(text) as Packet, '5.0');
        expect(Buffer.from(written).includes(Buffer.concat([Buffer.of(0xff, 0xff), Buffer.from(text)]))).toBe(true);
      }
      const publish = { ...frames.publish.packet({}), topic: text, properties: undefined } as unknown as Packet;
      // One byte of packet type, three of length, two of topic length and one of payload.
      expect(encode(publish, '3.1.1')).toHaveLength(1 + 3 + 2 + 65_535 + 1);
    }
  });
});

test('[5.0 MQTT-1.5.4-1] [3.1.1 MQTT-1.5.3-1] every well-formed character is written as the platform writes it', () => {
  const corners = [
    0x01, 0x7f, 0x80, 0x7ff, 0x800, 0xd7ff, 0xe000, 0xfeff, 0xfffd, 0xffff, 0x1_0000, 0x10_fffe, 0x10_ffff,
  ];
  for (const point of corners) {
    const filter = `${String.fromCodePoint(point)}x${String.fromCodePoint(point)}`;
    const written = encode({ type: 'unsubscribe', packetId: 1, filters: [filter] }, '3.1.1');
    expect(Buffer.from(written.subarray(6))).toEqual(Buffer.from(filter));
  }
});

/** How the texts are refused, each way once; the errors name the right field, or this throws. */
function refusals(where: readonly TextField[], texts: readonly string[], version: ProtocolVersion = '5.0'): string[] {
  const ways = where.flatMap(({ field, packet }) =>
    texts.map((text) => {
      const error = refusal(packet(text), version);
      if (!(error instanceof InvalidPacketError)) throw error;
      if (error.field !== field && !error.field.endsWith(`.${field}`)) throw new Error(`${field}: ${error.field}`);
      return `${error.problem} ${error.statement ?? ''}`.trim();
    }),
  );
  return [...new Set(ways)];
}

function problemsOf(ways: readonly string[]): (string | undefined)[] {
  return [...new Set(ways.map((way) => way.split(' ')[0]))];
}

function subscribe(filter: string): unknown {
  const options = { qos: 0, noLocal: false, retainAsPublished: false, retainHandling: 0 };
  return { type: 'subscribe', packetId: 1, subscriptions: [{ filter, ...options }] };
}

/** The same packet without properties, and with the version that a CONNECT says. */
function in311({ field, packet }: TextField): TextField {
  return {
    field,
    packet: (text) => {
      const { properties: _, version, ...rest } = packet(text) as Record<string, unknown>;
      return { ...rest, ...(version !== undefined && { version: '3.1.1' }) };
    },
  };
}

function frameNames(): (keyof typeof frames)[] {
  return Object.keys(frames) as (keyof typeof frames)[];
}
