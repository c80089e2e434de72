import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { decode, encode } from '../src/index.ts';
import type { ConnectPacket, ProtocolVersion, Will } from '../src/index.ts';
import { octets } from './vectors/vector.ts';

const plain: ConnectPacket = {
  type: 'connect',
  version: '5.0',
  clientId: 'c',
  cleanStart: true,
  keepAliveSeconds: 0x0102,
};
const will: Will = { topic: 'w', payload: new Uint8Array(0), qos: 0, retain: false };
const header = (level: number, flags: number): (number | string)[] => [0x00, 0x04, 'MQTT', level, flags, 0x01, 0x02];

/** The flags are the tenth byte of a short CONNECT: two bytes of fixed header, six of name, one of level. */
function flagsOf(packet: ConnectPacket): number | undefined {
  return encode(packet, packet.version)[9];
}

describe('CONNECT of 5.0', () => {
  test('[5.0 MQTT-3.1.2-1, MQTT-3.1.2-2] begins with the protocol name and level 5', () => {
    expect(encode(plain, '5.0')).toEqual(octets([[0x10, 0x0e], header(0x05, 0x02), [0x00], [0x00, 0x01, 'c']]));
  });

  test('[5.0 MQTT-3.1.2-9, MQTT-3.1.3-1] has client id, will properties, topic and payload, user name and password in this order', () => {
    const packet: ConnectPacket = {
      ...plain,
      will: { ...will, payload: octets([['bye']]), properties: { willDelaySeconds: 5 } },
      username: 'user',
      password: Uint8Array.of(0x00, 0xff),
      properties: { receiveMaximum: 10 },
    };
    expect(encode(packet, '5.0')).toEqual(
      octets([
        [0x10, 0x29], // CONNECT, 41 bytes follow
        header(0x05, 0b1100_0110), // user name, password, will, clean start
        [0x03, 0x21, 0x00, 0x0a], // receive maximum 10
        [0x00, 0x01, 'c'], // client id
        [0x05, 0x18, 0x00, 0x00, 0x00, 0x05], // will delay 5
        [0x00, 0x01, 'w'], // will topic
        [0x00, 0x03, 'bye'], // will payload
        [0x00, 0x04, 'user'], // user name
        [0x00, 0x02, 0x00, 0xff], // password
      ]),
    );
  });

  test('[5.0 MQTT-3.1.2-9] writes the empty properties and the empty payload of a will', () => {
    expect(encode({ ...plain, will }, '5.0')).toEqual(
      octets([
        [0x10, 0x14], // CONNECT, 20 bytes follow
        header(0x05, 0b0000_0110), // will, clean start
        [0x00], // no properties
        [0x00, 0x01, 'c'], // client id
        [0x00], // no will properties
        [0x00, 0x01, 'w'], // will topic
        [0x00, 0x00], // will payload
      ]),
    );
  });

  test('[5.0 MQTT-3.1.2-11, MQTT-3.1.2-13, MQTT-3.1.2-16, MQTT-3.1.2-18] has neither flags nor fields for what it lacks', () => {
    const bare = encode({ ...plain, cleanStart: false }, '5.0');
    expect(bare).toEqual(octets([[0x10, 0x0e], header(0x05, 0b0000_0000), [0x00], [0x00, 0x01, 'c']]));
  });

  test('[5.0 MQTT-3.1.2-12] holds a will QoS of 0, 1 or 2 in bits 4 and 3', () => {
    const flags = ([0, 1, 2] as const).map((qos) => flagsOf({ ...plain, will: { ...will, qos } }));
    expect(flags).toEqual([0b0000_0110, 0b0000_1110, 0b0001_0110]);
  });

  test('[5.0 MQTT-3.1.2-14, MQTT-3.1.2-15] says in bit 5 whether the will is retained', () => {
    const flags = [false, true].map((retain) => flagsOf({ ...plain, will: { ...will, retain } }));
    expect(flags).toEqual([0b0000_0110, 0b0010_0110]);
  });

  test('[5.0 MQTT-3.1.2-17] writes an empty user name, which is not the same as none', () => {
    expect(encode({ ...plain, username: '' }, '5.0')).toEqual(
      octets([[0x10, 0x10], header(0x05, 0b1000_0010), [0x00], [0x00, 0x01, 'c'], [0x00, 0x00]]),
    );
  });

  test('[5.0 MQTT-3.1.2-19] may have a password without a user name', () => {
    expect(encode({ ...plain, password: Uint8Array.of(0x80, 0x00) }, '5.0')).toEqual(
      octets([[0x10, 0x12], header(0x05, 0b0100_0010), [0x00], [0x00, 0x01, 'c'], [0x00, 0x02, 0x80, 0x00]]),
    );
  });

  test('[5.0 MQTT-3.1.3-3] writes an empty client id, with and without clean start', () => {
    const nobody = { ...plain, clientId: '' };
    expect(encode(nobody, '5.0')).toEqual(octets([[0x10, 0x0d], header(0x05, 0x02), [0x00], [0x00, 0x00]]));
    expect(encode({ ...nobody, cleanStart: false }, '5.0')).toEqual(
      octets([[0x10, 0x0d], header(0x05, 0x00), [0x00], [0x00, 0x00]]),
    );
  });

  test('[5.0 MQTT-3.1.3-4, MQTT-3.1.3-11, MQTT-3.1.3-12] counts the bytes of its texts and not their characters', () => {
    const packet: ConnectPacket = { ...plain, clientId: 'é', will: { ...will, topic: '€' }, username: '🦊' };
    expect(encode(packet, '5.0')).toEqual(
      octets([
        [0x10, 0x1d], // CONNECT, 29 bytes follow
        header(0x05, 0b1000_0110), // user name, will, clean start
        [0x00], // no properties
        [0x00, 0x02, 0xc3, 0xa9], // client id é
        [0x00], // no will properties
        [0x00, 0x03, 0xe2, 0x82, 0xac], // will topic €
        [0x00, 0x00], // will payload
        [0x00, 0x04, 0xf0, 0x9f, 0xa6, 0x8a], // user name 🦊
      ]),
    );
  });

  test('[5.0 MQTT-3.1.3-10] keeps the order and the repetitions of the user properties of its will', () => {
    const packet: ConnectPacket = {
      ...plain,
      will: {
        ...will,
        properties: {
          userProperties: [
            ['a', '1'],
            ['b', ''],
            ['a', '1'],
          ],
        },
      },
    };
    expect(encode(packet, '5.0')).toEqual(
      octets([
        [0x10, 0x28], // CONNECT, 40 bytes follow
        header(0x05, 0b0000_0110), // will, clean start
        [0x00], // no properties
        [0x00, 0x01, 'c'], // client id
        [0x14], // 20 bytes of will properties
        [0x26, 0x00, 0x01, 'a', 0x00, 0x01, '1'], // a = 1
        [0x26, 0x00, 0x01, 'b', 0x00, 0x00], // b is empty
        [0x26, 0x00, 0x01, 'a', 0x00, 0x01, '1'], // a = 1 once more
        [0x00, 0x01, 'w'], // will topic
        [0x00, 0x00], // will payload
      ]),
    );
  });
});

describe('CONNECT of 3.1.1', () => {
  const old: ConnectPacket = { ...plain, version: '3.1.1' };

  test('[3.1.1 MQTT-3.1.2-1, MQTT-3.1.2-2] begins with the protocol name and level 4', () => {
    expect(encode(old, '3.1.1')).toEqual(octets([[0x10, 0x0d], header(0x04, 0x02), [0x00, 0x01, 'c']]));
  });

  test('[3.1.1 MQTT-3.1.2-9, MQTT-3.1.2-19, MQTT-3.1.2-21, MQTT-3.1.3-1] has client id, will topic and message, user name and password in this order', () => {
    const packet: ConnectPacket = {
      ...old,
      will: { ...will, payload: octets([['bye']]) },
      username: 'user',
      password: Uint8Array.of(0x00, 0xff),
    };
    expect(encode(packet, '3.1.1')).toEqual(
      octets([
        [0x10, 0x1f], // CONNECT, 31 bytes follow
        header(0x04, 0b1100_0110), // user name, password, will, clean session
        [0x00, 0x01, 'c'], // client id
        [0x00, 0x01, 'w'], // will topic
        [0x00, 0x03, 'bye'], // will message
        [0x00, 0x04, 'user'], // user name
        [0x00, 0x02, 0x00, 0xff], // password
      ]),
    );
  });

  test('[3.1.1 MQTT-3.1.2-9] writes the empty message of a will', () => {
    expect(encode({ ...old, will }, '3.1.1')).toEqual(
      octets([[0x10, 0x12], header(0x04, 0b0000_0110), [0x00, 0x01, 'c'], [0x00, 0x01, 'w'], [0x00, 0x00]]),
    );
  });

  test('[3.1.1 MQTT-3.1.2-11, MQTT-3.1.2-13, MQTT-3.1.2-15, MQTT-3.1.2-18, MQTT-3.1.2-20] has neither flags nor fields for what it lacks', () => {
    expect(encode({ ...old, cleanStart: false }, '3.1.1')).toEqual(
      octets([[0x10, 0x0d], header(0x04, 0b0000_0000), [0x00, 0x01, 'c']]),
    );
  });

  test('[3.1.1 MQTT-3.1.2-14] holds a will QoS of 0, 1 or 2 in bits 4 and 3', () => {
    const flags = ([0, 1, 2] as const).map((qos) => flagsOf({ ...old, will: { ...will, qos } }));
    expect(flags).toEqual([0b0000_0110, 0b0000_1110, 0b0001_0110]);
  });

  test('[3.1.1 MQTT-3.1.2-16, MQTT-3.1.2-17] says in bit 5 whether the will is retained', () => {
    const flags = [false, true].map((retain) => flagsOf({ ...old, will: { ...will, retain } }));
    expect(flags).toEqual([0b0000_0110, 0b0010_0110]);
  });

  test('[3.1.1 MQTT-3.1.2-19] writes an empty user name, which is not the same as none', () => {
    expect(encode({ ...old, username: '' }, '3.1.1')).toEqual(
      octets([[0x10, 0x0f], header(0x04, 0b1000_0010), [0x00, 0x01, 'c'], [0x00, 0x00]]),
    );
  });

  test('[3.1.1 MQTT-3.1.3-3] writes an empty client id for a clean session', () => {
    expect(encode({ ...old, clientId: '' }, '3.1.1')).toEqual(octets([[0x10, 0x0c], header(0x04, 0x02), [0x00, 0x00]]));
  });

  test('[3.1.1 MQTT-3.1.3-4] counts the bytes of a client id and not its characters', () => {
    expect(encode({ ...old, clientId: '€' }, '3.1.1')).toEqual(
      octets([[0x10, 0x0f], header(0x04, 0x02), [0x00, 0x03, 0xe2, 0x82, 0xac]]),
    );
  });
});

test('[5.0 MQTT-3.1.2-3] [3.1.1 MQTT-3.1.2-3] bit 0 of the connect flags is clear in every combination of the others', () => {
  const combinations = fc.record({
    version: fc.constantFrom<ProtocolVersion>('5.0', '3.1.1'),
    cleanStart: fc.boolean(),
    username: fc.boolean(),
    password: fc.boolean(),
    will: fc.option(fc.record({ qos: fc.constantFrom(0 as const, 1 as const, 2 as const), retain: fc.boolean() })),
  });
  fc.assert(
    fc.property(combinations, (choice) => {
      const packet: ConnectPacket = {
        ...plain,
        version: choice.version,
        cleanStart: choice.cleanStart,
        ...(choice.username && { username: 'u' }),
        ...(choice.username && choice.password && { password: new Uint8Array(1) }),
        ...(choice.will && { will: { ...will, ...choice.will } }),
      };
      expect((flagsOf(packet) ?? 1) & 1).toBe(0);
      expect(decode(encode(packet, choice.version), choice.version)).toEqual(packet);
    }),
  );
});
