import { describe, expect, test } from 'vitest';

import { decode, MalformedPacketError, type Role } from '../src/index.ts';
import { asked, errorOf, refusalOf, type Refused } from './decode-refusal.ts';
import { octets, type Field } from './vectors/vector.ts';

const METHOD: Field = [0x04, 0x15, 0x00, 0x01, 'M'];

/** Each packet of 5.0 that has a reason code, around that code. */
const packets = {
  connack: (code: number) => octets([[0x20, 0x03], [0x00], [code], [0x00]]),
  puback: (code: number) => octets([[0x40, 0x03], [0x00, 0x01], [code]]),
  pubrec: (code: number) => octets([[0x50, 0x03], [0x00, 0x01], [code]]),
  pubrel: (code: number) => octets([[0x62, 0x03], [0x00, 0x01], [code]]),
  pubcomp: (code: number) => octets([[0x70, 0x03], [0x00, 0x01], [code]]),
  suback: (code: number) => octets([[0x90, 0x05], [0x00, 0x01], [0x00], [0x00, code]]),
  unsuback: (code: number) => octets([[0xb0, 0x05], [0x00, 0x01], [0x00], [0x00, code]]),
  disconnect: (code: number) => octets([[0xe0, 0x01], [code]]),
  auth: (code: number) => octets([[0xf0, 0x06], [code], METHOD]),
} as const;

type Carrier = keyof typeof packets;

/** Which codes both sides may send, and which only one of them. */
interface Codes {
  readonly both?: readonly number[];
  readonly server?: readonly number[];
  readonly client?: readonly number[];
}

const publishAcks: Codes = { both: [0x00, 0x80, 0x83, 0x87, 0x90, 0x91, 0x97, 0x99], server: [0x10] };
const connackRefusals: readonly number[] = [
  0x80, 0x81, 0x82, 0x83, 0x84, 0x85, 0x86, 0x87, 0x88, 0x89, 0x8a, 0x8c, 0x90, 0x95, 0x97, 0x99, 0x9a, 0x9b, 0x9c,
  0x9d, 0x9f,
];
const table: Readonly<Record<Carrier, Codes>> = {
  connack: { server: [0x00, ...connackRefusals] },
  puback: publishAcks,
  pubrec: publishAcks,
  pubrel: { both: [0x00, 0x92] },
  pubcomp: { both: [0x00, 0x92] },
  suback: { server: [0x00, 0x01, 0x02, 0x80, 0x83, 0x87, 0x8f, 0x91, 0x97, 0x9e, 0xa1, 0xa2] },
  unsuback: { server: [0x00, 0x11, 0x80, 0x83, 0x87, 0x8f, 0x91] },
  disconnect: {
    // 0x9b is the server's by its table, and also the client's by §3.3.4.
    both: [0x00, 0x80, 0x81, 0x82, 0x83, 0x90, 0x93, 0x94, 0x95, 0x96, 0x97, 0x98, 0x99, 0x9b],
    // 0x8c is in the table of all codes, though not in that of DISCONNECT.
    server: [0x87, 0x89, 0x8b, 0x8c, 0x8d, 0x8e, 0x8f, 0x9a, 0x9c, 0x9d, 0x9e, 0x9f, 0xa0, 0xa1, 0xa2],
    client: [0x04],
  },
  auth: { both: [0x18], server: [0x00], client: [0x19] },
};

interface Verdicts {
  /** The codes that each role reads. */
  readonly read: Readonly<Record<Role, readonly number[]>>;
  /** How the codes are refused that no role reads. */
  readonly refusals: readonly string[];
}

function verdicts(carrier: Carrier): Verdicts {
  const refusals = codes.filter((code) => !isRead(carrier, code, 'either')).map((code) => refusal(carrier, code));
  const [either, client, server] = (['either', 'client', 'server'] as const).map((role) =>
    codes.filter((code) => isRead(carrier, code, role)),
  );
  return {
    read: { either: either ?? [], client: client ?? [], server: server ?? [] },
    refusals: [...new Set(refusals)],
  };
}

function expected(carrier: Carrier, statement: string): Verdicts {
  const { both = [], client = [], server = [] } = table[carrier];
  const read = {
    either: [...both, ...client, ...server].toSorted(ascending),
    client: [...both, ...server].toSorted(ascending),
    server: [...both, ...client].toSorted(ascending),
  };
  return { read, refusals: [`bad-reason-code 130 ${statement}`] };
}

function isRead(carrier: Carrier, code: number, role: Role): boolean {
  try {
    const packet = decode(packets[carrier](code), '5.0', { role });
    if ('reasonCode' in packet) return packet.reasonCode === code;
    return 'reasonCodes' in packet && packet.reasonCodes[1] === code;
  } catch (error) {
    if (error instanceof MalformedPacketError) return false;
    throw error;
  }
}

function refusal(carrier: Carrier, code: number): string {
  const { problem, reasonCode, statement } = errorOf(packets[carrier](code), '5.0');
  return `${problem} ${reasonCode} ${statement}`;
}

const codes = Array.from({ length: 256 }, (_, code) => code);

function ascending(one: number, other: number): number {
  return one - other;
}

describe('of all 256 codes, a packet is read with those that its sender may put there [parity B9]', () => {
  test('[5.0 MQTT-3.2.2-8] CONNACK', () => {
    expect(verdicts('connack')).toStrictEqual(expected('connack', 'MQTT-3.2.2-8'));
  });

  test('[5.0 MQTT-3.4.2-1] PUBACK', () => {
    expect(verdicts('puback')).toStrictEqual(expected('puback', 'MQTT-3.4.2-1'));
  });

  test('[5.0 MQTT-3.5.2-1] PUBREC', () => {
    expect(verdicts('pubrec')).toStrictEqual(expected('pubrec', 'MQTT-3.5.2-1'));
  });

  test('[5.0 MQTT-3.6.2-1] PUBREL', () => {
    expect(verdicts('pubrel')).toStrictEqual(expected('pubrel', 'MQTT-3.6.2-1'));
  });

  test('[5.0 MQTT-3.7.2-1] PUBCOMP', () => {
    expect(verdicts('pubcomp')).toStrictEqual(expected('pubcomp', 'MQTT-3.7.2-1'));
  });

  test('[5.0 MQTT-3.9.3-2, MQTT-3.8.4-7] SUBACK', () => {
    expect(verdicts('suback')).toStrictEqual(expected('suback', 'MQTT-3.9.3-2'));
  });

  test('[5.0 MQTT-3.11.3-2] UNSUBACK', () => {
    expect(verdicts('unsuback')).toStrictEqual(expected('unsuback', 'MQTT-3.11.3-2'));
  });

  test('[5.0 MQTT-3.14.2-1] DISCONNECT', () => {
    expect(verdicts('disconnect')).toStrictEqual(expected('disconnect', 'MQTT-3.14.2-1'));
  });

  test('[5.0 MQTT-3.15.2-1] AUTH', () => {
    expect(verdicts('auth')).toStrictEqual(expected('auth', 'MQTT-3.15.2-1'));
  });
});

describe('the codes of 3.1.1', () => {
  test('[3.1.1 MQTT-3.9.3-2] SUBACK has 0, 1, 2 and 0x80', () => {
    const read = Array.from({ length: 256 }, (_, code) => code).filter((code) => {
      try {
        return decode(octets([[0x90, 0x03], [0x00, 0x01], [code]]), '3.1.1').type === 'suback';
      } catch {
        return false;
      }
    });
    expect(read).toStrictEqual([0x00, 0x01, 0x02, 0x80]);
  });

  test.each([6, 7, 0x80, 0x84, 0xff])('CONNACK has no return code %i', (code) => {
    expect(errorOf(octets([[0x20, 0x02], [0x00], [code]]), '3.1.1').problem).toBe('bad-reason-code');
  });
});

describe('CONNACK', () => {
  const present = { problem: 'session-present-on-failure', reasonCode: 0x82 } as const;
  const rows5: readonly Refused[] = connackRefusals.map((code) => ({
    what: `code ${code}`,
    fields: [[0x20, 0x03], [0x01, code], [0x00]],
    wrong: 1,
    statement: 'MQTT-3.2.2-6',
    ...present,
  }));
  test.each(rows5)('[5.0 MQTT-3.2.2-6] that refuses reports no present session: $what', (row) => {
    expect(refusalOf(row)).toStrictEqual(asked(row));
  });

  const rows311: readonly Refused[] = [1, 2, 3, 4, 5].map((code) => ({
    what: `code ${code}`,
    fields: [
      [0x20, 0x02],
      [0x01, code],
    ],
    wrong: 1,
    statement: 'MQTT-3.2.2-4',
    version: '3.1.1',
    ...present,
  }));
  test.each(rows311)('[3.1.1 MQTT-3.2.2-4] that refuses reports no present session in 3.1.1: $what', (row) => {
    expect(refusalOf(row)).toStrictEqual(asked(row));
  });

  test('[5.0 MQTT-3.2.2-1] has no other flags than session present', () => {
    for (let flags = 2; flags < 256; flags += 1) {
      const facts = { problem: 'bad-connack-flags', reasonCode: 0x81 };
      const { problem, reasonCode } = errorOf(octets([[0x20, 0x03], [flags], [0x00], [0x00]]), '5.0');
      expect([flags, { problem, reasonCode }]).toStrictEqual([flags, facts]);
      expect(errorOf(octets([[0x20, 0x02], [flags], [0x00]]), '3.1.1').problem).toBe('bad-connack-flags');
    }
  });

  test.each([1, 2, 3, 4, 5])('of a server that knows only 3.1.1 says so, with return code %i', (code) => {
    expect(errorOf(octets([[0x20, 0x02], [0x00], [code]]), '5.0')).toMatchObject({
      problem: 'unsupported-protocol',
      reasonCode: 0x84,
    });
  });

  test('of 3.1.1 that accepts is no CONNACK of 5.0', () => {
    expect(errorOf(octets([[0x20, 0x02], [0x00], [0x00]]), '5.0').problem).toBe('truncated');
  });
});
