import { describe, expect, test } from 'vitest';

import { decode, encode } from '../src/index.ts';
import type { Packet, PacketType } from '../src/index.ts';
import { packetWith } from './sample-packets.ts';
import { allVectors } from './vectors/all.ts';
import { octets } from './vectors/vector.ts';

const canonical = allVectors.filter(({ isLongForm }) => isLongForm !== true);
const longForms = allVectors.filter(({ isLongForm }) => isLongForm === true);

describe('each packet encodes to exactly its bytes [parity O18]', () => {
  test.each(canonical)('$title ($version)', ({ bytes, version, packet }) => {
    expect(encode(packet, version)).toEqual(bytes);
  });
});

describe('what the standard has a shorter form for is written in that form', () => {
  test.each(longForms)('$title ($version)', ({ bytes, version, packet }) => {
    const written = encode(packet, version);
    expect(written.length).toBeLessThan(bytes.length);
    expect(decode(written, version)).toEqual(packet);
  });
});

const empty = { reasonString: undefined, userProperties: undefined };

describe('the first byte', () => {
  const fixed = {
    connect: 0x10,
    connack: 0x20,
    puback: 0x40,
    pubrec: 0x50,
    pubrel: 0x62,
    pubcomp: 0x70,
    subscribe: 0x82,
    suback: 0x90,
    unsubscribe: 0xa2,
    unsuback: 0xb0,
    pingreq: 0xc0,
    pingresp: 0xd0,
    disconnect: 0xe0,
    auth: 0xf0,
  } as const satisfies Partial<Record<PacketType, number>>;

  test('[5.0 MQTT-2.1.3-1, MQTT-3.6.1-1, MQTT-3.8.1-1, MQTT-3.10.1-1, MQTT-3.14.1-1, MQTT-3.15.1-1] holds the reserved flags of its packet type', () => {
    for (const [type, firstByte] of Object.entries(fixed)) {
      expect([type, encode(packetOf(type), '5.0')[0]]).toEqual([type, firstByte]);
    }
  });

  test('[3.1.1 MQTT-2.2.2-1, MQTT-3.6.1-1, MQTT-3.8.1-1, MQTT-3.10.1-1, MQTT-3.14.1-1] holds the reserved flags in 3.1.1 too', () => {
    const { auth: _, ...fixed311 } = fixed;
    for (const [type, firstByte] of Object.entries(fixed311)) {
      const packet = { ...packetOf(type), ...(type === 'connect' && { version: '3.1.1' }) };
      const sent = type === 'unsuback' ? { ...packet, reasonCodes: [] } : packet;
      expect([type, encode(sent as Packet, '3.1.1')[0]]).toEqual([type, firstByte]);
    }
  });

  function packetOf(type: string): Packet {
    if (type === 'pingreq' || type === 'pingresp') return { type };
    return packetWith(type as keyof typeof fixed & Parameters<typeof packetWith>[0], {});
  }
});

describe('[5.0 MQTT-2.2.2-1] a packet without properties says that it has none', () => {
  test.each([undefined, {}, empty])('when its properties are %o', (properties) => {
    const written = {
      connect: encode({ ...packetWith('connect', {}), properties } as Packet, '5.0'),
      publish: encode({ ...packetWith('publish', {}), properties } as Packet, '5.0'),
      subscribe: encode({ ...packetWith('subscribe', {}), properties } as Packet, '5.0'),
      unsubscribe: encode({ ...packetWith('unsubscribe', {}), properties } as Packet, '5.0'),
      suback: encode({ ...packetWith('suback', {}), properties } as Packet, '5.0'),
      unsuback: encode({ ...packetWith('unsuback', {}), properties } as Packet, '5.0'),
      connack: encode({ ...packetWith('connack', {}), properties } as Packet, '5.0'),
      will: encode(packetWith('will', properties ?? {}), '5.0'),
    };
    expect(written).toEqual({
      connect: octets([[0x10, 0x0e], [0x00, 0x04, 'MQTT', 0x05, 0x02, 0x00, 0x3c], [0x00], [0x00, 0x01, 'c']]),
      publish: octets([[0x30, 0x05], [0x00, 0x01, 't'], [0x00], ['p']]),
      subscribe: octets([[0x82, 0x07], [0x00, 0x07], [0x00], [0x00, 0x01, 't', 0x00]]),
      unsubscribe: octets([[0xa2, 0x06], [0x00, 0x07], [0x00], [0x00, 0x01, 't']]),
      suback: octets([[0x90, 0x04], [0x00, 0x07], [0x00], [0x00]]),
      unsuback: octets([[0xb0, 0x04], [0x00, 0x07], [0x00], [0x00]]),
      connack: octets([[0x20, 0x03], [0x00, 0x00], [0x00]]),
      will: octets([
        [0x10, 0x14], // CONNECT, 20 bytes follow
        [0x00, 0x04, 'MQTT', 0x05, 0x06, 0x00, 0x3c], // name, level, flags, keep alive
        [0x00], // no properties
        [0x00, 0x01, 'c'], // client id
        [0x00], // no will properties
        [0x00, 0x01, 't'], // will topic
        [0x00, 0x00], // empty will payload
      ]),
    });
  });

  test('but an acknowledgement or DISCONNECT of success leaves out the properties and the code', () => {
    for (const properties of [undefined, {}, empty]) {
      const puback = { ...packetWith('puback', {}), properties } as Packet;
      const disconnect = { ...packetWith('disconnect', {}), properties } as Packet;
      expect(encode(puback, '5.0')).toEqual(
        octets([
          [0x40, 0x02],
          [0x00, 0x07],
        ]),
      );
      expect(encode(disconnect, '5.0')).toEqual(octets([[0xe0, 0x00]]));
    }
  });

  test('and one of failure leaves out the properties only', () => {
    expect(encode({ type: 'puback', packetId: 7, reasonCode: 0x87 }, '5.0')).toEqual(
      octets([[0x40, 0x03], [0x00, 0x07], [0x87]]),
    );
    expect(encode({ type: 'disconnect', reasonCode: 0x04 }, '5.0')).toEqual(octets([[0xe0, 0x01], [0x04]]));
  });
});
