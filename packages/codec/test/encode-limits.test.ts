import { describe, expect, test } from 'vitest';

import { encode, PacketEncoder, PacketTooLargeError } from '../src/index.ts';
import type { Packet, PropertyCarrier } from '../src/index.ts';
import { thrownBy, toHex } from './refusal.ts';
import { carriers } from './expected-properties.ts';
import { packetWith } from './sample-packets.ts';
import { allVectors } from './vectors/all.ts';

const reasonString = 'because of something that takes a while to tell';
const userProperties = [
  ['a', '1'],
  ['b', 'another long value for a property'],
] as const;

/** Encodes under a limit, behind another packet, so that what is left of a longer form would be seen. */
function limited(packet: Packet, maximumPacketBytes: number): Uint8Array {
  const encoder = new PacketEncoder({ version: '5.0', maximumPacketBytes });
  encoder.append({ type: 'pingreq' });
  encoder.append(packet);
  return encoder.take().subarray(2);
}

/** What an answer is written as under ever tighter limits, and what it has to be. */
function tighten(carrier: PropertyCarrier, kept: object = {}): { found: string[]; expected: string[] } {
  const withAll = packetWith(carrier, { ...kept, reasonString, userProperties });
  const withReason = packetWith(carrier, { ...kept, reasonString });
  const withPairs = packetWith(carrier, { ...kept, userProperties });
  const [all, reason, pairs, bare] = [withAll, withReason, withPairs, packetWith(carrier, kept)].map((packet) =>
    encode(packet, '5.0'),
  ) as [Uint8Array, Uint8Array, Uint8Array, Uint8Array];
  const steps: readonly (readonly [packet: Packet, limit: number, expected: Uint8Array])[] = [
    [withAll, all.length, all],
    // The user properties go first, and then the reason string.
    [withAll, all.length - 1, reason],
    [withAll, reason.length, reason],
    [withAll, reason.length - 1, bare],
    [withAll, bare.length, bare],
    [withReason, reason.length, reason],
    [withReason, reason.length - 1, bare],
    [withPairs, pairs.length, pairs],
    [withPairs, pairs.length - 1, bare],
  ];
  const error = thrownBy(() => limited(withAll, bare.length - 1));
  return {
    found: [...steps.map(([packet, limit]) => toHex(limited(packet, limit))), String(error)],
    expected: [
      ...steps.map(([, , bytes]) => toHex(bytes)),
      String(new PacketTooLargeError({ size: all.length, limit: bare.length - 1 })),
    ],
  };
}

describe('reason string and user properties give way so that the answer still leaves', () => {
  test('[5.0 MQTT-3.4.2-2, MQTT-3.4.2-3] PUBACK', () => {
    const { found, expected } = tighten('puback');
    expect(found).toEqual(expected);
    expect([...limited(packetWith('puback', { reasonString, userProperties }), 10)]).toEqual([0x40, 0x02, 0x00, 0x07]);
  });

  test('[5.0 MQTT-3.5.2-2, MQTT-3.5.2-3] PUBREC', () => {
    const { found, expected } = tighten('pubrec');
    expect(found).toEqual(expected);
    expect([...limited(packetWith('pubrec', { reasonString, userProperties }), 10)]).toEqual([0x50, 0x02, 0x00, 0x07]);
  });

  test('[5.0 MQTT-3.6.2-2, MQTT-3.6.2-3] PUBREL', () => {
    const { found, expected } = tighten('pubrel');
    expect(found).toEqual(expected);
    expect([...limited(packetWith('pubrel', { reasonString, userProperties }), 10)]).toEqual([0x62, 0x02, 0x00, 0x07]);
  });

  test('[5.0 MQTT-3.7.2-2, MQTT-3.7.2-3] PUBCOMP', () => {
    const { found, expected } = tighten('pubcomp');
    expect(found).toEqual(expected);
    expect([...limited(packetWith('pubcomp', { reasonString, userProperties }), 10)]).toEqual([0x70, 0x02, 0x00, 0x07]);
  });

  test('a failure keeps its code', () => {
    const packet: Packet = { type: 'pubrec', packetId: 1, reasonCode: 0x97, properties: { reasonString } };
    expect([...limited(packet, 5)]).toEqual([0x50, 0x03, 0x00, 0x01, 0x97]);
    expect(thrownBy(() => limited(packet, 4))).toBeInstanceOf(PacketTooLargeError);
  });

  test('[5.0 MQTT-3.2.2-19, MQTT-3.2.2-20] CONNACK, which keeps its other properties', () => {
    const { found, expected } = tighten('connack', { receiveMaximum: 10, assignedClientId: 'id' });
    expect(found).toEqual(expected);
  });

  test('[5.0 MQTT-3.9.2-1, MQTT-3.9.2-2] SUBACK', () => {
    const { found, expected } = tighten('suback');
    expect(found).toEqual(expected);
  });

  test('[5.0 MQTT-3.11.2-1, MQTT-3.11.2-2] UNSUBACK', () => {
    const { found, expected } = tighten('unsuback');
    expect(found).toEqual(expected);
  });

  test('[5.0 MQTT-3.14.2-3, MQTT-3.14.2-4] DISCONNECT, which keeps its other properties', () => {
    const { found, expected } = tighten('disconnect', { serverReference: 'other:1883' });
    expect(found).toEqual(expected);
    expect([...limited(packetWith('disconnect', { reasonString, userProperties }), 2)]).toEqual([0xe0, 0x00]);
  });

  test('[5.0 MQTT-3.15.2-2, MQTT-3.15.2-3] AUTH, which keeps its method and its data', () => {
    const { found, expected } = tighten('auth', { authenticationData: Uint8Array.of(1, 2, 3) });
    expect(found).toEqual(expected);
  });

  test.each(['connect', 'will', 'publish', 'subscribe', 'unsubscribe'] as const)('but not in %s', (carrier) => {
    const packet = packetWith(carrier, { userProperties });
    const whole = encode(packet, '5.0');
    expect(limited(packet, whole.length)).toEqual(whole);
    expect(thrownBy(() => limited(packet, whole.length - 1))).toMatchObject({
      code: 'packet-too-large',
      size: whole.length,
      limit: whole.length - 1,
    });
  });
});

describe('[5.0 MQTT-3.2.2-15] a packet of exactly the limit is written, and of one byte more is refused', () => {
  test.each(carriers)('%s', (carrier) => {
    const packet = packetWith(carrier, {});
    const whole = encode(packet, '5.0');
    expect(encode(packet, '5.0', { maximumPacketBytes: whole.length })).toEqual(whole);
    const error = thrownBy(() => encode(packet, '5.0', { maximumPacketBytes: whole.length - 1 }));
    expect(error).toBeInstanceOf(PacketTooLargeError);
    expect(error).toMatchObject({ size: whole.length, limit: whole.length - 1 });
  });

  const fixed = allVectors.filter(({ packet }) => !hasOptionalProperties(packet));
  test.each(fixed)('$title ($version)', ({ packet, version }) => {
    const whole = encode(packet, version);
    expect(encode(packet, version, { maximumPacketBytes: whole.length })).toEqual(whole);
    const error = thrownBy(() => encode(packet, version, { maximumPacketBytes: whole.length - 1 }));
    expect(error).toMatchObject({ code: 'packet-too-large', size: whole.length, limit: whole.length - 1 });
  });
});

test('a refusal for its size leaves nothing in the encoder', () => {
  const encoder = new PacketEncoder({ version: '5.0', maximumPacketBytes: 20 });
  encoder.append({ type: 'pingreq' });
  const large = packetWith('publish', { contentType: 'x'.repeat(1000) });
  expect(thrownBy(() => encoder.append(large))).toBeInstanceOf(PacketTooLargeError);
  expect(encoder.length).toBe(2);
  encoder.append({ type: 'pingresp' });
  expect([...encoder.take()]).toEqual([0xc0, 0x00, 0xd0, 0x00]);
});

function hasOptionalProperties(packet: Packet): boolean {
  if (packet.type === 'pingreq' || packet.type === 'pingresp' || packet.properties === undefined) return false;
  return 'reasonString' in packet.properties || 'userProperties' in packet.properties;
}
