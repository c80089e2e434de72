import { describe, expect, test } from 'vitest';

import { encode, InvalidPacketError } from '../src/index.ts';
import type { Packet, PacketType, Role } from '../src/index.ts';
import { isExpected } from './expected-reason-codes.ts';
import { outcome, refusal } from './refusal.ts';
import { octets } from './vectors/vector.ts';

const allCodes = Array.from({ length: 256 }, (_, code) => code);
const either: readonly Role[] = ['client', 'server', 'either'];
const serverOnly: readonly Role[] = ['server', 'either'];

const twoDigits = (code: number): string => code.toString(16).padStart(2, '0');

interface Carrier {
  readonly type: PacketType;
  readonly packet: (code: number) => unknown;
  /** The packet in hexadecimal, with its reason code as XX. */
  readonly bytes: string;
  /** The field and the statement that a refusal names. */
  readonly names: string;
}

/** How each code comes out for each role, and how it has to. */
function compare(
  { type, packet, bytes, names }: Carrier,
  roles: readonly Role[],
): { found: string[]; table: string[] } {
  const cases = roles.flatMap((role) => allCodes.map((code) => ({ role, code })));
  return {
    found: cases.map(({ role, code }) => `${role} ${code}: ${outcome(packet(code), '5.0', { role })}`),
    table: cases.map(({ role, code }) => {
      const isWritten = isExpected(type, code, role);
      return `${role} ${code}: ${isWritten ? bytes.replace('XX', twoDigits(code)) : `bad-reason-code ${names}`}`;
    }),
  };
}

// A property keeps the code from being left out when it is 0x00.
const properties = { reasonString: '' };

function acknowledgement(type: PacketType, firstByte: string, statement: string): Carrier {
  return {
    type,
    packet: (reasonCode) => ({ type, packetId: 0xffff, reasonCode, properties }),
    bytes: `${firstByte}07ffffXX031f0000`,
    names: `reasonCode ${statement}`,
  };
}

function subscribeAck(type: PacketType, firstByte: string, statement: string): Carrier {
  return {
    type,
    packet: (code) => ({ type, packetId: 0xffff, reasonCodes: [0, code] }),
    bytes: `${firstByte}05ffff0000XX`,
    names: `reasonCodes ${statement}`,
  };
}

const connack: Carrier = {
  type: 'connack',
  packet: (reasonCode) => ({ type: 'connack', sessionPresent: false, reasonCode }),
  bytes: '200300XX00',
  names: 'reasonCode MQTT-3.2.2-8',
};
const disconnect: Carrier = {
  type: 'disconnect',
  packet: (reasonCode) => ({ type: 'disconnect', reasonCode, properties }),
  bytes: 'e005XX031f0000',
  names: 'reasonCode MQTT-3.14.2-1',
};
const auth: Carrier = {
  type: 'auth',
  packet: (reasonCode) => ({ type: 'auth', reasonCode, properties: { authenticationMethod: '' } }),
  bytes: 'f005XX03150000',
  names: 'reasonCode MQTT-3.15.2-1',
};

describe('of all 256 reason codes, a packet is only written with those of its own table', () => {
  test('[5.0 MQTT-3.4.2-1] PUBACK', () => {
    const { found, table } = compare(acknowledgement('puback', '40', 'MQTT-3.4.2-1'), either);
    expect(found).toEqual(table);
  });

  test('[5.0 MQTT-3.5.2-1] PUBREC', () => {
    const { found, table } = compare(acknowledgement('pubrec', '50', 'MQTT-3.5.2-1'), either);
    expect(found).toEqual(table);
  });

  test('[5.0 MQTT-3.6.2-1] PUBREL', () => {
    const { found, table } = compare(acknowledgement('pubrel', '62', 'MQTT-3.6.2-1'), either);
    expect(found).toEqual(table);
  });

  test('[5.0 MQTT-3.7.2-1] PUBCOMP', () => {
    const { found, table } = compare(acknowledgement('pubcomp', '70', 'MQTT-3.7.2-1'), either);
    expect(found).toEqual(table);
  });

  test('[5.0 MQTT-3.2.2-8] CONNACK', () => {
    const { found, table } = compare(connack, serverOnly);
    expect(found).toEqual(table);
  });

  test('[5.0 MQTT-3.9.3-2] SUBACK', () => {
    const { found, table } = compare(subscribeAck('suback', '90', 'MQTT-3.9.3-2'), serverOnly);
    expect(found).toEqual(table);
  });

  test('[5.0 MQTT-3.11.3-2] UNSUBACK', () => {
    const { found, table } = compare(subscribeAck('unsuback', 'b0', 'MQTT-3.11.3-2'), serverOnly);
    expect(found).toEqual(table);
  });

  test('[5.0 MQTT-3.14.2-1] DISCONNECT', () => {
    const { found, table } = compare(disconnect, either);
    expect(found).toEqual(table);
  });

  test('[5.0 MQTT-3.15.2-1] AUTH', () => {
    const { found, table } = compare(auth, either);
    expect(found).toEqual(table);
  });
});

const carriersOf = (code: unknown): unknown[] => [
  { type: 'puback', packetId: 1, reasonCode: code },
  { type: 'connack', sessionPresent: false, reasonCode: code },
  { type: 'suback', packetId: 1, reasonCodes: [code] },
  { type: 'unsuback', packetId: 1, reasonCodes: [code] },
  { type: 'disconnect', reasonCode: code },
  { type: 'auth', reasonCode: code, properties: { authenticationMethod: 'm' } },
];

test('what is no byte is no reason code', () => {
  for (const packet of [-1, 256, 0.5, Number.NaN, null, undefined, {}, 'success', 'length', 0n].flatMap(carriersOf)) {
    expect(refusal(packet)).toMatchObject({ problem: 'bad-reason-code' });
  }
});

test('a reason code that is a string is refused, digits or not', () => {
  for (const packet of ['0', '128', ['128']].flatMap(carriersOf)) {
    expect(refusal(packet)).toMatchObject({ problem: 'bad-reason-code' });
  }
});

describe('SUBACK and UNSUBACK', () => {
  test.each(['suback', 'unsuback'] as const)('have at least one reason code: %s', (type) => {
    expect(refusal({ type, packetId: 1, reasonCodes: [] })).toMatchObject({
      problem: 'no-reason-codes',
      field: 'reasonCodes',
    });
    for (const reasonCodes of [0, '0', null, undefined, {}, Uint8Array.of(0)]) {
      expect(refusal({ type, packetId: 1, reasonCodes })).toMatchObject({
        problem: 'bad-value',
        field: 'reasonCodes',
      });
    }
  });

  test('have one for each filter, in order', () => {
    expect(encode({ type: 'suback', packetId: 1, reasonCodes: [2, 0, 0x87, 1] }, '5.0')).toEqual(
      octets([[0x90, 0x07], [0x00, 0x01], [0x00], [0x02, 0x00, 0x87, 0x01]]),
    );
    expect(encode({ type: 'unsuback', packetId: 1, reasonCodes: [0x11, 0] }, '5.0')).toEqual(
      octets([[0xb0, 0x05], [0x00, 0x01], [0x00], [0x11, 0x00]]),
    );
  });

  test('of 3.1.1 have the granted QoS or 0x80, and nothing', () => {
    const found = allCodes.map((code) => outcome({ type: 'suback', packetId: 1, reasonCodes: [code] }, '3.1.1'));
    const expected = allCodes.map((code) =>
      [0x00, 0x01, 0x02, 0x80].includes(code) ? `90030001${twoDigits(code)}` : 'bad-reason-code reasonCodes',
    );
    expect(found.map((text) => text.replace(/ MQTT.*/, ''))).toEqual(expected);
    expect(encode({ type: 'unsuback', packetId: 1, reasonCodes: [] }, '3.1.1')).toEqual(
      octets([
        [0xb0, 0x02],
        [0x00, 0x01],
      ]),
    );
    expect(refusal({ type: 'unsuback', packetId: 1, reasonCodes: [0] }, '3.1.1')).toMatchObject({
      problem: 'only-in-5.0',
      field: 'reasonCodes',
    });
  });
});

describe('CONNACK', () => {
  test('of 3.1.1 has the return code of the same meaning', () => {
    const codes = [0x00, 0x84, 0x85, 0x88, 0x86, 0x87];
    const written = codes.map((reasonCode) => encode({ type: 'connack', sessionPresent: false, reasonCode }, '3.1.1'));
    expect(written).toEqual([0, 1, 2, 3, 4, 5].map((code) => octets([[0x20, 0x02], [0x00], [code]])));
    for (const reasonCode of allCodes.filter((code) => !codes.includes(code))) {
      expect(refusal({ type: 'connack', sessionPresent: false, reasonCode }, '3.1.1')).toMatchObject({
        problem: 'bad-reason-code',
        field: 'reasonCode',
      });
    }
  });

  test('[5.0 MQTT-3.2.2-6] [3.1.1 MQTT-3.2.2-4] does not both refuse and resume', () => {
    const packet = { type: 'connack', sessionPresent: true, reasonCode: 0x87 };
    expect([refusal(packet), refusal(packet, '3.1.1')]).toMatchObject([
      { problem: 'session-present-on-failure', field: 'sessionPresent', statement: 'MQTT-3.2.2-6' },
      { problem: 'session-present-on-failure', field: 'sessionPresent', statement: 'MQTT-3.2.2-4' },
    ]);
  });

  test('says with a boolean whether there is a session', () => {
    for (const sessionPresent of [0, 1, 'yes', null, undefined]) {
      const error = refusal({ type: 'connack', sessionPresent, reasonCode: 0 });
      expect(error).toBeInstanceOf(InvalidPacketError);
      expect(error).toMatchObject({ problem: 'bad-value', field: 'sessionPresent' });
    }
  });
});

describe('DISCONNECT', () => {
  test('[5.0 MQTT-3.14.4-3] leaves normally without a byte, and asks for the will with 0x04', () => {
    expect(encode({ type: 'disconnect', reasonCode: 0 }, '5.0')).toEqual(octets([[0xe0, 0x00]]));
    expect(encode({ type: 'disconnect', reasonCode: 4 }, '5.0')).toEqual(octets([[0xe0, 0x01], [0x04]]));
  });

  test('[3.1.1 MQTT-3.14.1-1] is two bytes in 3.1.1', () => {
    expect(encode({ type: 'disconnect', reasonCode: 0 }, '3.1.1')).toEqual(octets([[0xe0, 0x00]]));
  });

  test('[5.0 MQTT-3.14.2-2] of a server has no session expiry', () => {
    const packet: Packet = { type: 'disconnect', reasonCode: 0, properties: { sessionExpirySeconds: 0 } };
    expect(refusal(packet, '5.0', { role: 'server' })).toMatchObject({
      problem: 'wrong-direction',
      field: 'properties.sessionExpirySeconds',
      statement: 'MQTT-3.14.2-2',
    });
    expect(encode(packet, '5.0', { role: 'client' })).toHaveLength(9);
  });
});
