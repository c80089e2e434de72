import { describe, expect, test } from 'vitest';

import { decode, type ProtocolVersion } from '../src/index.ts';
import { asked, errorOf, refusalOf, type Refused } from './decode-refusal.ts';
import { allVectors } from './vectors/all.ts';
import { octets } from './vectors/vector.ts';

/** The first bytes that the flag table allows, PUBLISH apart. */
const firstBytes: Readonly<Record<ProtocolVersion, readonly number[]>> = {
  '5.0': [0x10, 0x20, 0x40, 0x50, 0x62, 0x70, 0x82, 0x90, 0xa2, 0xb0, 0xc0, 0xd0, 0xe0, 0xf0],
  '3.1.1': [0x10, 0x20, 0x40, 0x50, 0x62, 0x70, 0x82, 0x90, 0xa2, 0xb0, 0xc0, 0xd0, 0xe0],
};

/** Every first byte of these packet types but the allowed one. */
function wrongFirstBytes(version: ProtocolVersion, types: readonly number[]): number[] {
  const all = types.flatMap((type) => Array.from({ length: 16 }, (_, flags) => type * 16 + flags));
  return all.filter((byte) => !firstBytes[version].includes(byte));
}

/** A sound packet of that type, so that nothing but its flags can be wrong. */
function soundPacket(firstByte: number, version: ProtocolVersion): Uint8Array {
  const type = Math.floor(firstByte / 16);
  const vector = allVectors.find((each) => each.version === version && Math.floor((each.bytes[0] ?? 0) / 16) === type);
  return Uint8Array.from(vector?.bytes ?? []);
}

function refuseFlags(firstByte: number, version: ProtocolVersion): unknown {
  const bytes = soundPacket(firstByte, version);
  bytes[0] = firstByte;
  const { problem, reasonCode, statement } = errorOf(bytes, version);
  return { problem, reasonCode, statement };
}

const malformed = { problem: 'reserved-flags', reasonCode: 0x81 } as const;
const reserved5 = { ...malformed, statement: 'MQTT-2.1.3-1' };
const reserved311 = { ...malformed, statement: 'MQTT-2.2.2-2' };

describe('reserved flags in the fixed header are refused', () => {
  const types5 = [1, 2, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15];
  test.each(wrongFirstBytes('5.0', types5))('[5.0 MQTT-2.1.3-1] first byte %i', (firstByte) => {
    expect(refuseFlags(firstByte, '5.0')).toStrictEqual(reserved5);
  });

  const types311 = [1, 2, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14];
  test.each(wrongFirstBytes('3.1.1', types311))('[3.1.1 MQTT-2.2.2-1, MQTT-2.2.2-2] first byte %i', (firstByte) => {
    expect(refuseFlags(firstByte, '3.1.1')).toStrictEqual(reserved311);
  });

  test.each([0x60, 0x61, 0x63, 0x6a])('[5.0 MQTT-3.6.1-1] [3.1.1 MQTT-3.6.1-1] PUBREL as %i', (firstByte) => {
    expect(refuseFlags(firstByte, '5.0')).toMatchObject(malformed);
    expect(refuseFlags(firstByte, '3.1.1')).toMatchObject(malformed);
  });

  test.each([0x80, 0x81, 0x83])('[5.0 MQTT-3.8.1-1] [3.1.1 MQTT-3.8.1-1] SUBSCRIBE as %i', (firstByte) => {
    expect(refuseFlags(firstByte, '5.0')).toMatchObject(malformed);
    expect(refuseFlags(firstByte, '3.1.1')).toMatchObject(malformed);
  });

  test.each([0xa0, 0xa1, 0xa3])('[5.0 MQTT-3.10.1-1] [3.1.1 MQTT-3.10.1-1] UNSUBSCRIBE as %i', (firstByte) => {
    expect(refuseFlags(firstByte, '5.0')).toMatchObject(malformed);
    expect(refuseFlags(firstByte, '3.1.1')).toMatchObject(malformed);
  });

  test.each([0xe1, 0xe2, 0xe8])('[5.0 MQTT-3.14.1-1] [3.1.1 MQTT-3.14.1-1] DISCONNECT as %i', (firstByte) => {
    expect(refuseFlags(firstByte, '5.0')).toMatchObject(malformed);
    expect(refuseFlags(firstByte, '3.1.1')).toMatchObject(malformed);
  });

  test.each([0xf1, 0xf2, 0xff])('[5.0 MQTT-3.15.1-1] AUTH as %i', (firstByte) => {
    expect(refuseFlags(firstByte, '5.0')).toMatchObject(malformed);
  });
});

describe('a reserved packet type is malformed', () => {
  const reserved = { problem: 'reserved-type', reasonCode: 0x81 } as const;
  const rows: readonly Refused[] = [
    { what: 'type 0', fields: [[0x00, 0x00]], wrong: 0, ...reserved },
    { what: 'type 0 with flags', fields: [[0x0f, 0x00]], wrong: 0, ...reserved },
    { what: 'type 0 in 3.1.1', fields: [[0x00, 0x00]], wrong: 0, version: '3.1.1', ...reserved },
    { what: 'type 15 in 3.1.1', fields: [[0xf0, 0x00]], wrong: 0, version: '3.1.1', ...reserved },
    {
      what: 'type 15 in 3.1.1 with the body of an AUTH',
      fields: [
        [0xf0, 0x06], // AUTH, 6 bytes follow
        [0x00], // success
        [0x04, 0x15, 0x00, 0x01, 'M'], // authentication method
      ],
      wrong: 0,
      version: '3.1.1',
      ...reserved,
    },
  ];
  test.each(rows)('$what', (row) => {
    expect(refusalOf(row)).toStrictEqual(asked(row));
  });
});

describe('[5.0 MQTT-1.5.5-1] a length that has more bytes than it needs or may have is refused', () => {
  const tooLong = { problem: 'bad-variable-integer', reasonCode: 0x81, statement: 'MQTT-1.5.5-1' } as const;
  const rows: readonly Refused[] = [
    { what: 'Remaining Length 0 in two bytes', fields: [[0xc0], [0x80, 0x00]], wrong: 1, ...tooLong },
    { what: 'Remaining Length 0 in three bytes', fields: [[0xc0], [0x80, 0x80, 0x00]], wrong: 1, ...tooLong },
    { what: 'Remaining Length 0 in four bytes', fields: [[0xc0], [0x80, 0x80, 0x80, 0x00]], wrong: 1, ...tooLong },
    { what: 'Remaining Length 2 in two bytes', fields: [[0x40], [0x82, 0x00], [0x00, 0x01]], wrong: 1, ...tooLong },
    { what: 'a fourth byte that announces a fifth', fields: [[0x30], [0xff, 0xff, 0xff, 0x80]], wrong: 1, ...tooLong },
    { what: 'a fifth byte', fields: [[0x30], [0xff, 0xff, 0xff, 0xff], [0x01]], wrong: 1, ...tooLong },
    {
      what: 'Property Length 0 in two bytes',
      fields: [
        [0x30, 0x05],
        [0x00, 0x01, 't'],
        [0x80, 0x00],
      ],
      wrong: 2,
      ...tooLong,
    },
    {
      what: 'Property Length of five bytes',
      fields: [[0x30, 0x08], [0x00, 0x01, 't'], [0x80, 0x80, 0x80, 0x80], [0x01]],
      wrong: 2,
      ...tooLong,
    },
    {
      what: 'property identifier in two bytes',
      fields: [[0x30, 0x07], [0x00, 0x01, 't'], [0x03], [0x81, 0x00], [0x01]],
      wrong: 3,
      ...tooLong,
    },
  ];
  test.each(rows)('$what', (row) => {
    expect(refusalOf(row)).toStrictEqual(asked(row));
  });

  test('while a Remaining Length of one to four bytes is read where all are needed', () => {
    for (const [length, size] of [
      [[0x7f], 127],
      [[0x80, 0x01], 128],
      [[0xff, 0x7f], 16_383],
      [[0x80, 0x80, 0x01], 16_384],
      [[0xff, 0xff, 0x7f], 2_097_151],
      [[0x80, 0x80, 0x80, 0x01], 2_097_152],
    ] as const) {
      const header = octets([[0x30], length, [0x00, 0x01, 't']]);
      const bytes = new Uint8Array(1 + length.length + size);
      bytes.set(header);
      expect(decode(bytes, '3.1.1')).toMatchObject({ topic: 't', payload: { length: size - 3 } });
    }
  });
});

describe('a body that is longer or shorter than its packet type allows is malformed', () => {
  const v3 = { version: '3.1.1' } as const;
  const more = { problem: 'trailing-bytes', reasonCode: 0x81 } as const;
  const less = { problem: 'truncated', reasonCode: 0x81 } as const;
  const id = [0x00, 0x01] as const;
  const rows: readonly Refused[] = [
    { what: 'PINGREQ with a body', fields: [[0xc0, 0x01], [0x00]], wrong: 1, ...more },
    { what: 'PINGRESP with a body', fields: [[0xd0, 0x01], [0x00]], wrong: 1, ...more },
    { what: 'PINGREQ with a body in 3.1.1', fields: [[0xc0, 0x01], [0x00]], wrong: 1, ...v3, ...more },
    { what: 'PINGRESP with a body in 3.1.1', fields: [[0xd0, 0x01], [0x00]], wrong: 1, ...v3, ...more },
    { what: 'DISCONNECT with a body in 3.1.1', fields: [[0xe0, 0x01], [0x00]], wrong: 1, ...v3, ...more },
    { what: 'CONNACK with 3 bytes in 3.1.1', fields: [[0x20, 0x03], [0x00, 0x00], [0x00]], wrong: 2, ...v3, ...more },
    { what: 'CONNACK with 1 byte in 3.1.1', fields: [[0x20, 0x01], [0x00]], wrong: 1, ...v3, ...less },
    { what: 'CONNACK with no bytes', fields: [[0x20, 0x00]], wrong: 0, ...less },
    { what: 'CONNACK with 1 byte', fields: [[0x20, 0x01], [0x00]], wrong: 1, ...less },
    { what: 'PUBACK with 3 bytes in 3.1.1', fields: [[0x40, 0x03], id, [0x00]], wrong: 2, ...v3, ...more },
    { what: 'PUBREC with 3 bytes in 3.1.1', fields: [[0x50, 0x03], id, [0x00]], wrong: 2, ...v3, ...more },
    { what: 'PUBREL with 3 bytes in 3.1.1', fields: [[0x62, 0x03], id, [0x00]], wrong: 2, ...v3, ...more },
    { what: 'PUBCOMP with 3 bytes in 3.1.1', fields: [[0x70, 0x03], id, [0x00]], wrong: 2, ...v3, ...more },
    { what: 'UNSUBACK with 3 bytes in 3.1.1', fields: [[0xb0, 0x03], id, [0x00]], wrong: 2, ...v3, ...more },
    { what: 'UNSUBACK with 1 byte in 3.1.1', fields: [[0xb0, 0x01], [0x00]], wrong: 1, ...v3, ...less },
    { what: 'PUBACK with 1 byte', fields: [[0x40, 0x01], [0x00]], wrong: 1, ...less },
    { what: 'PUBREL without its id', fields: [[0x62, 0x00]], wrong: 0, ...less },
    {
      what: 'PUBACK with bytes behind its properties',
      fields: [[0x40, 0x05], id, [0x00], [0x00], [0x00]],
      wrong: 4,
      ...more,
    },
    {
      what: 'DISCONNECT with bytes behind its properties',
      fields: [[0xe0, 0x03], [0x00], [0x00], [0x00]],
      wrong: 3,
      ...more,
    },
    {
      what: 'CONNACK with bytes behind its properties',
      fields: [[0x20, 0x04], [0x00, 0x00], [0x00], [0x00]],
      wrong: 3,
      ...more,
    },
  ];
  test.each(rows)('$what', (row) => {
    expect(refusalOf(row)).toStrictEqual(asked(row));
  });

  const withoutLength: readonly Refused[] = [
    {
      what: 'PUBLISH',
      fields: [
        [0x30, 0x03],
        [0x00, 0x01, 't'],
      ],
      wrong: 1,
      ...less,
    },
    { what: 'SUBACK', fields: [[0x90, 0x02], id], wrong: 1, ...less },
    { what: 'UNSUBACK', fields: [[0xb0, 0x02], id], wrong: 1, ...less },
    { what: 'SUBSCRIBE', fields: [[0x82, 0x02], id], wrong: 1, ...less },
    { what: 'UNSUBSCRIBE', fields: [[0xa2, 0x02], id], wrong: 1, ...less },
    {
      what: 'CONNACK',
      fields: [
        [0x20, 0x02],
        [0x00, 0x00],
      ],
      wrong: 1,
      ...less,
    },
    {
      what: 'CONNECT',
      fields: [
        [0x10, 0x0a],
        [0x00, 0x04, 'MQTT', 0x05, 0x02, 0x00, 0x00],
      ],
      wrong: 1,
      ...less,
    },
  ];
  test.each(withoutLength)('[5.0 MQTT-2.2.2-1] $what without a Property Length', (row) => {
    expect(refusalOf(row)).toStrictEqual(asked(row));
  });
});
