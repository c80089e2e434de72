import { describe, expect, test } from 'vitest';

import { decode } from '../src/index.ts';
import { connect311, connect5, WILL311, WILL5 } from './decode-connect-fields.ts';
import { asked, errorOf, refusalOf, type Refused } from './decode-refusal.ts';
import { octets, type Field } from './vectors/vector.ts';

const malformed = { problem: 'bad-connect-flags', reasonCode: 0x81 } as const;
const badQos = { problem: 'bad-qos', reasonCode: 0x81 } as const;
const cut = { problem: 'truncated', reasonCode: 0x81 } as const;

describe('[5.0 MQTT-3.1.2-3] [3.1.1 MQTT-3.1.2-3] the reserved connect flag is refused', () => {
  const rows: readonly Refused[] = [
    { what: 'alone', fields: connect5(0x01), wrong: 3, ...malformed, statement: 'MQTT-3.1.2-3' },
    { what: 'beside clean start', fields: connect5(0x03), wrong: 3, ...malformed, statement: 'MQTT-3.1.2-3' },
    {
      what: 'in 3.1.1',
      fields: connect311(0x03),
      wrong: 3,
      version: '3.1.1',
      ...malformed,
      statement: 'MQTT-3.1.2-3',
    },
  ];
  test.each(rows)('$what', (row) => {
    expect(refusalOf(row)).toStrictEqual(asked(row));
  });
});

describe('[5.0 MQTT-3.1.2-11, MQTT-3.1.2-13] [3.1.1 MQTT-3.1.2-11, MQTT-3.1.2-13, MQTT-3.1.2-15] flags of a will without the will flag are refused', () => {
  const qos = { ...malformed, statement: 'MQTT-3.1.2-11' };
  const rows: readonly Refused[] = [
    { what: 'will QoS 1', fields: connect5(0b0000_1000, ...WILL5), wrong: 3, ...qos },
    { what: 'will QoS 2', fields: connect5(0b0001_0000), wrong: 3, ...qos },
    { what: 'will retain', fields: connect5(0b0010_0000), wrong: 3, ...malformed, statement: 'MQTT-3.1.2-13' },
    {
      what: 'will QoS 2 in 3.1.1',
      fields: connect311(0b0001_0000),
      wrong: 3,
      version: '3.1.1',
      ...malformed,
      statement: 'MQTT-3.1.2-13',
    },
    {
      what: 'will retain in 3.1.1',
      fields: connect311(0b0010_0000, ...WILL311),
      wrong: 3,
      version: '3.1.1',
      ...malformed,
      statement: 'MQTT-3.1.2-15',
    },
  ];
  test.each(rows)('$what', (row) => {
    expect(refusalOf(row)).toStrictEqual(asked(row));
  });
});

describe('[5.0 MQTT-3.1.2-12] [3.1.1 MQTT-3.1.2-14] will QoS 3 is refused', () => {
  const rows: readonly Refused[] = [
    { what: '5.0', fields: connect5(0b0001_1100, ...WILL5), wrong: 3, ...badQos, statement: 'MQTT-3.1.2-12' },
    {
      what: '3.1.1',
      fields: connect311(0b0001_1100, ...WILL311),
      wrong: 3,
      version: '3.1.1',
      ...badQos,
      statement: 'MQTT-3.1.2-14',
    },
  ];
  test.each(rows)('$what', (row) => {
    expect(refusalOf(row)).toStrictEqual(asked(row));
  });
});

describe('[5.0 MQTT-3.1.2-9, MQTT-3.1.2-17, MQTT-3.1.2-19] [3.1.1 MQTT-3.1.2-9, MQTT-3.1.2-19, MQTT-3.1.2-21] a flag whose field is missing is refused', () => {
  const rows: readonly Refused[] = [
    { what: 'will', fields: connect5(0b0000_0100), wrong: 6, ...cut },
    { what: 'user name', fields: connect5(0b1000_0000), wrong: 6, ...cut },
    { what: 'password', fields: connect5(0b0100_0000), wrong: 6, ...cut },
    { what: 'password behind a user name', fields: connect5(0b1100_0000, [0x00, 0x01, 'u']), wrong: 7, ...cut },
    { what: 'will payload', fields: connect5(0b0000_0100, [0x00], [0x00, 0x01, 'w']), wrong: 8, ...cut },
    { what: 'will in 3.1.1', fields: connect311(0b0000_0100), wrong: 5, version: '3.1.1', ...cut },
    { what: 'user name in 3.1.1', fields: connect311(0b1000_0000), wrong: 5, version: '3.1.1', ...cut },
    {
      what: 'password in 3.1.1',
      fields: connect311(0b1100_0000, [0x00, 0x01, 'u']),
      wrong: 6,
      version: '3.1.1',
      ...cut,
    },
  ];
  test.each(rows)('$what', (row) => {
    expect(refusalOf(row)).toStrictEqual(asked(row));
  });
});

describe('[5.0 MQTT-3.1.2-16, MQTT-3.1.2-18] [3.1.1 MQTT-3.1.2-11, MQTT-3.1.2-18, MQTT-3.1.2-20] a field without its flag is refused', () => {
  const leftOver = { problem: 'trailing-bytes', reasonCode: 0x81 } as const;
  const rows: readonly Refused[] = [
    { what: 'will', fields: connect5(0b0000_0000, ...WILL5), wrong: 6, ...leftOver },
    { what: 'user name', fields: connect5(0b0000_0010, [0x00, 0x01, 'u']), wrong: 6, ...leftOver },
    { what: 'password', fields: connect5(0b1000_0000, [0x00, 0x01, 'u'], [0x00, 0x00]), wrong: 7, ...leftOver },
    { what: 'will in 3.1.1', fields: connect311(0b0000_0010, ...WILL311), wrong: 5, version: '3.1.1', ...leftOver },
    {
      what: 'user name in 3.1.1',
      fields: connect311(0b0000_0010, [0x00, 0x01, 'u']),
      wrong: 5,
      version: '3.1.1',
      ...leftOver,
    },
    {
      what: 'password in 3.1.1',
      fields: connect311(0b1000_0000, [0x00, 0x01, 'u'], [0x00, 0x00]),
      wrong: 6,
      version: '3.1.1',
      ...leftOver,
    },
  ];
  test.each(rows)('$what', (row) => {
    expect(refusalOf(row)).toStrictEqual(asked(row));
  });
});

describe('[3.1.1 MQTT-3.1.2-22] a password needs a user name in 3.1.1', () => {
  const row: Refused = {
    what: 'password without user name',
    fields: connect311(0b0100_0010, [0x00, 0x03, 'jwt']),
    wrong: 3,
    version: '3.1.1',
    problem: 'password-without-username',
    reasonCode: 0x81,
    statement: 'MQTT-3.1.2-22',
  };
  test('and is refused without one', () => {
    expect(refusalOf(row)).toStrictEqual(asked(row));
  });
});

describe('of all combinations of connect flags', () => {
  const all = Array.from({ length: 256 }, (_, flags) => bitsOf(flags));

  test('56 are read as they stand', () => {
    const sound = all.filter(isSound);
    expect(sound).toHaveLength(56);
    for (const bits of sound) {
      const { hasWill, hasName, hasPassword, cleanStart } = bits;
      expect([bits, decode(connectWith(bits), '5.0')]).toStrictEqual([
        bits,
        {
          type: 'connect',
          version: '5.0',
          clientId: 'c',
          cleanStart,
          keepAliveSeconds: 0,
          ...(hasName && { username: 'u' }),
          ...(hasPassword && { password: octets([['p']]) }),
          ...(hasWill && {
            will: { topic: 'w', payload: new Uint8Array(0), qos: bits.willQos, retain: bits.willRetain },
          }),
        },
      ]);
    }
  });

  test('200 are malformed', () => {
    const unsound = all.filter((bits) => !isSound(bits));
    expect(unsound).toHaveLength(200);
    for (const bits of unsound) {
      const { reasonCode } = errorOf(connectWith(bits), '5.0');
      expect([bits, reasonCode]).toStrictEqual([bits, 0x81]);
    }
  });
});

interface Bits {
  readonly flags: number;
  readonly hasName: boolean;
  readonly hasPassword: boolean;
  readonly willRetain: boolean;
  readonly willQos: number;
  readonly hasWill: boolean;
  readonly cleanStart: boolean;
  readonly reserved: boolean;
}

function bitsOf(flags: number): Bits {
  const bits = flags.toString(2).padStart(8, '0');
  return {
    flags,
    hasName: bits[0] === '1',
    hasPassword: bits[1] === '1',
    willRetain: bits[2] === '1',
    willQos: Number.parseInt(bits.slice(3, 5), 2),
    hasWill: bits[5] === '1',
    cleanStart: bits[6] === '1',
    reserved: bits[7] === '1',
  };
}

function connectWith({ flags, hasWill, hasName, hasPassword }: Bits): Uint8Array {
  const name: Field = hasName ? [0x00, 0x01, 'u'] : [];
  const password: Field = hasPassword ? [0x00, 0x01, 'p'] : [];
  return octets(connect5(flags, ...(hasWill ? WILL5 : []), name, password));
}

function isSound({ hasWill, willQos, willRetain, reserved }: Bits): boolean {
  return !reserved && (hasWill ? willQos < 3 : willQos === 0 && !willRetain);
}
