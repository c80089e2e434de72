import { describe, expect, test } from 'vitest';

import { InvalidPacketError } from '../src/index.ts';
import { refusal } from './refusal.ts';
import { frames } from './sample-packets.ts';

/** What a program without types may hand over in place of a field. */
const rubbish: readonly unknown[] = [
  null,
  undefined,
  true,
  -1,
  0.5,
  1e300,
  Number.NaN,
  10n,
  '',
  'text',
  '\ud800',
  Symbol('a'),
  [],
  [null],
  [[]],
  {},
  { type: 'publish' },
  () => 'a',
  new Date(0),
  new Uint8Array(1),
  new Map(),
];

describe('what is no packet is refused with an InvalidPacketError', () => {
  test.each(['5.0', '3.1.1'] as const)('in place of the whole packet (%s)', (version) => {
    for (const packet of rubbish) expect(kindOf(packet, version)).toBe('InvalidPacketError');
  });

  test('when its type is unknown', () => {
    for (const type of [...rubbish, 'PUBLISH', 'toString', 'will', 3].filter((each) => typeof each !== 'symbol')) {
      const error = refusal({ ...frames.publish.packet({}), type });
      expect(error).toMatchObject({ problem: 'bad-value', field: 'type' });
    }
  });

  test('when its type is unknown and the role is known', () => {
    for (const type of [...rubbish, 'PUBLISH', 'toString', 'will', 3]) {
      expect(kindOf({ type }, '5.0', { role: 'client' })).toBe('InvalidPacketError');
    }
  });
});

describe('rubbish in one field gets an InvalidPacketError or is valid there, and is never another error', () => {
  test.each(Object.entries(frames))('%s', (_carrier, { packet }) => {
    const sound = packet({});
    const found = Object.keys(sound).flatMap((field) =>
      rubbish.map((value) => kindOf({ ...sound, [field]: value }, '5.0')),
    );
    expect(new Set(['accepted', 'InvalidPacketError', ...found])).toEqual(new Set(['accepted', 'InvalidPacketError']));
    expect(found).toContain('InvalidPacketError');
  });

  test('of a will', () => {
    const will: Record<string, unknown> = { topic: 't', payload: new Uint8Array(0), qos: 0, retain: false };
    const found = [...Object.keys(will), 'properties'].flatMap((field) =>
      rubbish.map((value) => kindOf({ ...frames.connect.packet({}), will: { ...will, [field]: value } }, '5.0')),
    );
    expect(new Set(['accepted', 'InvalidPacketError', ...found])).toEqual(new Set(['accepted', 'InvalidPacketError']));
    expect(found).toContain('InvalidPacketError');
  });

  test('of a subscription', () => {
    const subscription = { filter: 't', qos: 0, noLocal: false, retainAsPublished: false, retainHandling: 0 };
    const wrong = Object.keys(subscription).flatMap((field) =>
      rubbish.map((value) => ({ ...subscription, [field]: value })),
    );
    const found = [...wrong, ...rubbish].map((each) =>
      kindOf({ ...frames.subscribe.packet({}), subscriptions: [subscription, each] }, '5.0'),
    );
    expect(new Set(['accepted', 'InvalidPacketError', ...found])).toEqual(new Set(['accepted', 'InvalidPacketError']));
    expect(found).toContain('InvalidPacketError');
  });
});

describe('a field that is rubbish is refused', () => {
  test('as client id, user name or password', () => {
    const wrong = rubbish.filter((value) => value !== undefined);
    for (const field of ['clientId', 'username']) {
      for (const value of wrong.filter((each) => typeof each !== 'string')) {
        const error = refusal({ ...frames.connect.packet({}), [field]: value });
        expect(error).toMatchObject({ problem: 'bad-value', field });
      }
    }
    for (const password of wrong.filter((each) => !(each instanceof Uint8Array))) {
      const error = refusal({ ...frames.connect.packet({}), password });
      expect(error).toMatchObject({ problem: 'bad-value', field: 'password' });
    }
  });

  test('as payload, QoS and retain flag of a will', () => {
    const will = { topic: 't', payload: new Uint8Array(0), qos: 0, retain: false };
    for (const payload of rubbish.filter((each) => !(each instanceof Uint8Array))) {
      const error = refusal({ ...frames.connect.packet({}), will: { ...will, payload } });
      expect(error).toMatchObject({ problem: 'bad-value', field: 'will.payload' });
    }
    for (const retain of rubbish.filter((each) => typeof each !== 'boolean')) {
      const error = refusal({ ...frames.connect.packet({}), will: { ...will, retain } });
      expect(error).toMatchObject({ problem: 'bad-value', field: 'will.retain' });
    }
  });

  test('as packet identifier', () => {
    for (const { packet } of [frames.puback, frames.subscribe, frames.suback, frames.unsubscribe, frames.unsuback]) {
      for (const packetId of [...rubbish, 0, 65_536]) {
        const error = refusal({ ...packet({}), packetId });
        expect(error).toMatchObject({ problem: 'bad-packet-id', field: 'packetId', statement: 'MQTT-2.2.1-3' });
      }
    }
  });
});

function kindOf(...input: Parameters<typeof refusal>): string {
  try {
    const error = refusal(...input);
    return error instanceof InvalidPacketError ? 'InvalidPacketError' : String(error);
  } catch (error) {
    if (error instanceof Error && /nothing was refused/.test(error.message)) return 'accepted';
    return String(error);
  }
}
