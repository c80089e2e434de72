import { describe, expect, test } from 'vitest';

import { encode } from '../src/index.ts';
import type { Packet, PacketType, ProtocolVersion, Role } from '../src/index.ts';
import { outcome, refusal } from './refusal.ts';
import { frames, packetWith } from './sample-packets.ts';

const pings: readonly Packet[] = [{ type: 'pingreq' }, { type: 'pingresp' }];
const samples: readonly Packet[] = [
  ...(Object.keys(frames) as (keyof typeof frames)[]).map((carrier) => packetWith(carrier, {})),
  ...pings,
];

/** The same packets as 3.1.1 has them. */
const samples311: readonly Packet[] = samples
  .filter(({ type }) => type !== 'auth')
  .map((packet) => {
    if (packet.type === 'connect') return { ...packet, version: '3.1.1' };
    return packet.type === 'unsuback' ? { ...packet, reasonCodes: [] } : packet;
  });

const fromClient: readonly PacketType[] = ['connect', 'subscribe', 'unsubscribe', 'pingreq'];
const fromServer: readonly PacketType[] = ['connack', 'suback', 'unsuback', 'pingresp'];

describe('a packet of the other end is refused', () => {
  test.each(['5.0', '3.1.1'] as const)('by a client that is asked to send it (%s)', (version) => {
    expect(refusedTypes('client', version)).toEqual(new Set(fromServer));
  });

  test('by a server that is asked to send it', () => {
    expect(refusedTypes('server', '5.0')).toEqual(new Set(fromClient));
  });

  test('by a server of 3.1.1, which has no DISCONNECT either', () => {
    expect(refusedTypes('server', '3.1.1')).toEqual(new Set([...fromClient, 'disconnect']));
  });

  test('by nobody who may be either', () => {
    expect(refusedTypes('either', '5.0')).toEqual(new Set());
    expect(refusedTypes('either', '3.1.1')).toEqual(new Set());
  });
});

/** The packets that are refused for their direction; throws when one is refused for anything else. */
function refusedTypes(role: Role, version: ProtocolVersion): Set<PacketType> {
  const refused = new Set<PacketType>();
  for (const packet of version === '5.0' ? samples : samples311) {
    const said = outcome(packet, version, { role });
    if (said === `wrong-direction ${packet.type}`) refused.add(packet.type);
    else if (!/^[0-9a-f]+$/.test(said)) throw new Error(said);
  }
  return refused;
}

describe('3.1.1 has no place for', () => {
  test('properties', () => {
    const properties = { userProperties: [['a', 'b']] };
    for (const packet of samples311.filter(({ type }) => !type.startsWith('ping'))) {
      const error = refusal({ ...packet, properties }, '3.1.1');
      expect(error).toMatchObject({ problem: 'only-in-5.0', field: 'properties' });
    }
  });

  test('the properties of a will', () => {
    const will = { topic: 't', payload: new Uint8Array(0), qos: 0, retain: false, properties: { willDelaySeconds: 1 } };
    const packet = { ...frames.connect.packet({}), version: '3.1.1', properties: undefined, will };
    expect(refusal(packet, '3.1.1')).toMatchObject({
      problem: 'only-in-5.0',
      field: expect.stringMatching(/properties$/) as unknown,
    });
  });

  test('reason codes of acknowledgements and of DISCONNECT', () => {
    for (const type of ['puback', 'pubrec', 'pubrel', 'pubcomp', 'disconnect']) {
      for (const reasonCode of [0x80, 0x92, 4, '0', null, undefined]) {
        expect(refusal({ type, packetId: 1, reasonCode }, '3.1.1')).toMatchObject({
          problem: 'only-in-5.0',
          field: 'reasonCode',
        });
      }
    }
  });

  test('AUTH', () => {
    expect(refusal(packetWith('auth', {}), '3.1.1')).toMatchObject({ problem: 'only-in-5.0', field: 'auth' });
  });

  test('but it takes property objects that are empty, and writes nothing for them', () => {
    const publish = encode(packetWith('publish', {}), '3.1.1');
    expect([...publish]).toEqual([0x30, 0x04, 0x00, 0x01, 0x74, 0x70]);
    const puback = packetWith('puback', { reasonString: undefined });
    expect([...encode(puback, '3.1.1')]).toEqual([0x40, 0x02, 0x00, 0x07]);
  });
});

describe('a CONNECT is refused', () => {
  const connect = frames.connect.packet({});
  const old = { ...connect, version: '3.1.1', properties: undefined };

  test('when it says another version than the connection speaks', () => {
    expect(refusal(old, '5.0')).toMatchObject({ problem: 'bad-value', field: 'version' });
    expect(refusal(connect, '3.1.1')).toMatchObject({ problem: 'bad-value', field: 'version' });
    for (const version of [5, '5', 'auto', null, undefined]) {
      expect(refusal({ ...connect, version })).toMatchObject({ problem: 'bad-value', field: 'version' });
    }
  });

  test('[5.0 MQTT-3.1.2-12] [3.1.1 MQTT-3.1.2-14] with a will QoS that is not 0, 1 or 2', () => {
    for (const qos of [3, -1, 1.5, 8, '1', Number.NaN, null, undefined]) {
      const will = { topic: 't', payload: new Uint8Array(0), qos, retain: false };
      const found = [refusal({ ...connect, will }), refusal({ ...old, will }, '3.1.1')];
      expect(found).toMatchObject([
        { problem: 'bad-qos', field: 'will.qos', statement: 'MQTT-3.1.2-12' },
        { problem: 'bad-qos', field: 'will.qos', statement: 'MQTT-3.1.2-14' },
      ]);
    }
  });

  test('[3.1.1 MQTT-3.1.2-22] with a password but no user name in 3.1.1', () => {
    expect(refusal({ ...old, password: new Uint8Array(1) }, '3.1.1')).toMatchObject({
      problem: 'password-without-username',
      field: 'password',
      statement: 'MQTT-3.1.2-22',
    });
  });

  test('[3.1.1 MQTT-3.1.3-7] with an empty client id and no clean session in 3.1.1', () => {
    expect(refusal({ ...old, clientId: '', cleanStart: false }, '3.1.1')).toMatchObject({
      problem: 'empty-client-id',
      field: 'clientId',
      statement: 'MQTT-3.1.3-7',
    });
  });

  test('with a keep alive that is not 0 to 65535', () => {
    for (const keepAliveSeconds of [-1, 65_536, 1.5, '60', Number.NaN, null, undefined]) {
      const error = refusal({ ...connect, keepAliveSeconds });
      expect(error).toMatchObject({ problem: 'bad-value', field: 'keepAliveSeconds' });
    }
  });

  test('with a clean start that is not boolean', () => {
    for (const cleanStart of [0, 1, 'yes', null, undefined]) {
      expect(refusal({ ...connect, cleanStart })).toMatchObject({ problem: 'bad-value', field: 'cleanStart' });
    }
  });
});
