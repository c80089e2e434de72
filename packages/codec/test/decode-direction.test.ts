import { describe, expect, test } from 'vitest';

import { decode, type Role } from '../src/index.ts';
import { asked, refusalOf, type Refused } from './decode-refusal.ts';
import { allVectors } from './vectors/all.ts';
import type { Vector } from './vectors/vector.ts';
import { octets } from './vectors/vector.ts';

const onlyFromClients = ['connect', 'subscribe', 'unsubscribe', 'pingreq'];
const onlyFromServers = ['connack', 'suback', 'unsuback', 'pingresp'];

function vectorsOf(types: readonly string[]): readonly Vector[] {
  return allVectors.filter(({ packet }) => types.includes(packet.type));
}

function refusedBy(role: Role, { title, version, bytes }: Vector): Refused {
  const wrongWay = { problem: 'wrong-direction', reasonCode: 0x82 } as const;
  return { what: title, fields: [Array.from(bytes)], wrong: 0, version, role, ...wrongWay };
}

describe('a client refuses what only clients send', () => {
  test.each(vectorsOf(onlyFromClients))('$title ($version)', (vector) => {
    const row = refusedBy('client', vector);
    expect(refusalOf(row)).toStrictEqual(asked(row));
  });

  test('which includes DISCONNECT in 3.1.1', () => {
    const row: Refused = {
      what: 'DISCONNECT from a server',
      fields: [[0xe0, 0x00]],
      wrong: 0,
      version: '3.1.1',
      role: 'client',
      problem: 'wrong-direction',
      reasonCode: 0x82,
    };
    expect(refusalOf(row)).toStrictEqual(asked(row));
  });
});

describe('a server refuses what only servers send', () => {
  test.each(vectorsOf(onlyFromServers))('$title ($version)', (vector) => {
    const row = refusedBy('server', vector);
    expect(refusalOf(row)).toStrictEqual(asked(row));
  });
});

describe('each end reads what the other sends', () => {
  test.each(vectorsOf(onlyFromServers))('a client: $title ($version)', ({ bytes, version, packet }) => {
    expect(decode(bytes, version, { role: 'client' })).toStrictEqual(packet);
  });

  test.each(vectorsOf(onlyFromClients))('a server: $title ($version)', ({ bytes, version, packet }) => {
    expect(decode(bytes, version, { role: 'server' })).toStrictEqual(packet);
  });

  test.each(vectorsOf(['puback', 'pubrec', 'pubrel', 'pubcomp']))('both: $title ($version)', (vector) => {
    const { bytes, version, packet } = vector;
    expect(decode(bytes, version, { role: 'client' })).toStrictEqual(packet);
    expect(decode(bytes, version, { role: 'server' })).toStrictEqual(packet);
  });

  test('a server: DISCONNECT in 3.1.1', () => {
    expect(decode(octets([[0xe0, 0x00]]), '3.1.1', { role: 'server' })).toStrictEqual({
      type: 'disconnect',
      reasonCode: 0,
    });
  });
});

describe('[5.0 MQTT-3.3.4-6] a Subscription Identifier in PUBLISH', () => {
  const fields = [[0x30, 0x06], [0x00, 0x01, 't'], [0x02], [0x0b, 0x01]];

  test('is refused from a client', () => {
    const row: Refused = {
      what: 'PUBLISH from a client',
      fields,
      wrong: 3,
      role: 'server',
      problem: 'wrong-direction',
      reasonCode: 0x82,
      statement: 'MQTT-3.3.4-6',
    };
    expect(refusalOf(row)).toStrictEqual(asked(row));
  });

  test.each(['client', 'either'] as const)('is read by role %s', (role) => {
    expect(decode(octets(fields), '5.0', { role })).toMatchObject({ properties: { subscriptionIdentifiers: [1] } });
  });
});

describe('[5.0 MQTT-3.14.2-2] a Session Expiry Interval in DISCONNECT', () => {
  const fields = [[0xe0, 0x07], [0x00], [0x05], [0x11, 0x00, 0x00, 0x00, 0x00]];

  test('is refused from a server', () => {
    const row: Refused = {
      what: 'DISCONNECT from a server',
      fields,
      wrong: 3,
      role: 'client',
      problem: 'wrong-direction',
      reasonCode: 0x82,
      statement: 'MQTT-3.14.2-2',
    };
    expect(refusalOf(row)).toStrictEqual(asked(row));
  });

  test.each(['server', 'either'] as const)('is read by role %s', (role) => {
    expect(decode(octets(fields), '5.0', { role })).toMatchObject({ properties: { sessionExpirySeconds: 0 } });
  });
});

describe('an AUTH without Authentication Method is a protocol error', () => {
  const facts = { problem: 'no-authentication-method', reasonCode: 0x82 } as const;
  const rows: readonly Refused[] = [
    { what: 'empty', fields: [[0xf0, 0x00]], wrong: 0, ...facts },
    { what: 'reason code only', fields: [[0xf0, 0x01], [0x18]], wrong: 1, ...facts },
    { what: 'no properties', fields: [[0xf0, 0x02], [0x18], [0x00]], wrong: 2, ...facts },
    { what: 'other properties', fields: [[0xf0, 0x06], [0x18], [0x04, 0x1f, 0x00, 0x01, 'r']], wrong: 2, ...facts },
    { what: 'data only', fields: [[0xf0, 0x06], [0x18], [0x04, 0x16, 0x00, 0x01, 0x00]], wrong: 2, ...facts },
  ];
  test.each(rows)('$what', (row) => {
    expect(refusalOf(row)).toStrictEqual(asked(row));
  });
});
