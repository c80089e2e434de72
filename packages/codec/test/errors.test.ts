import { describe, expect, expectTypeOf, test } from 'vitest';

import {
  decode,
  encode,
  InvalidPacketError,
  InvalidTopicError,
  MalformedPacketError,
  MqttError,
  PacketTooLargeError,
  problemFacts,
  validateTopicName,
} from '../src/index.ts';
import type { Packet, Problem } from '../src/index.ts';
import { thrownBy } from './refusal.ts';

const malformed = (): unknown => thrownBy(() => decode(Uint8Array.of(0x40, 0x02, 0x00, 0x00), '5.0'));
const invalid = (): unknown => thrownBy(() => encode({ type: 'puback', packetId: 0, reasonCode: 0 }, '5.0'));
const tooLarge = (): unknown => thrownBy(() => encode({ type: 'pingreq' }, '5.0', { maximumPacketBytes: 1 }));
const badTopic = (): unknown => thrownBy(() => validateTopicName('a/#'));

describe('every error of the codec', () => {
  const errors = [
    { throws: malformed, kind: MalformedPacketError, code: 'malformed-packet' },
    { throws: invalid, kind: InvalidPacketError, code: 'invalid-packet' },
    { throws: tooLarge, kind: PacketTooLargeError, code: 'packet-too-large' },
    { throws: badTopic, kind: InvalidTopicError, code: 'invalid-topic' },
  ];

  test.each(errors)('is an MqttError with a code of its own: $code', ({ throws, kind, code }) => {
    const error = throws();
    expect(error).toBeInstanceOf(kind);
    expect(error).toBeInstanceOf(MqttError);
    expect(error).toBeInstanceOf(Error);
    expect(error).toMatchObject({ code, retryable: false });
    expect(String(error)).toMatch(/^\w*Error: .+/);
    expect((error as Error).stack).toContain('errors.test.ts');
  });
});

describe('a MalformedPacketError', () => {
  test('says what to answer, where the packet broke, and which statement it broke', () => {
    expect(malformed()).toMatchObject({
      problem: 'bad-packet-id',
      reasonCode: 0x82,
      offset: 4,
      statement: 'MQTT-2.2.1-3',
      packets: [],
    });
  });

  test('says it in its message', () => {
    expect((malformed() as Error).message).toMatch(
      /byte 4.*packet.id.*\[MQTT-2\.2\.1-3\]|packet.id.*byte 4.*\[MQTT-2\.2\.1-3\]/,
    );
  });

  test('has no statement where the standard has none', () => {
    const error = thrownBy(() => decode(Uint8Array.of(0x40), '5.0'));
    expect(error).toMatchObject({ problem: 'truncated', statement: undefined });
    expect((error as Error).message).not.toContain('[');
  });
});

describe('an InvalidPacketError', () => {
  test('names the field and the statement, by version', () => {
    expect(invalid()).toMatchObject({ problem: 'bad-packet-id', field: 'packetId', statement: 'MQTT-2.2.1-3' });
    const old = thrownBy(() => encode({ type: 'puback', packetId: 0, reasonCode: 0 }, '3.1.1'));
    expect(old).toMatchObject({ problem: 'bad-packet-id', field: 'packetId', statement: 'MQTT-2.3.1-1' });
    expect((invalid() as Error).message).toMatch(/packetId.*\[MQTT-2\.2\.1-3\]/);
  });

  test('has no statement where the version has none', () => {
    const auth: Packet = { type: 'auth', reasonCode: 0x18, properties: { authenticationMethod: 'm' } };
    expect(thrownBy(() => encode(auth, '3.1.1'))).toMatchObject({ problem: 'only-in-5.0', statement: undefined });
  });

  test('has no reason code: nobody is to be told', () => {
    expect(invalid()).toMatchObject({ reasonCode: undefined });
  });
});

test('a PacketTooLargeError says how large and how large at most', () => {
  expect(tooLarge()).toMatchObject({ size: 2, limit: 1, reasonCode: 0x95 });
  expect((tooLarge() as Error).message).toMatch(/2 bytes.* 1 /);
});

test('an InvalidTopicError has the topic and the problem', () => {
  expect(badTopic()).toMatchObject({ topic: 'a/#', problem: 'wildcard-in-topic', reasonCode: 0x90 });
  expect((badTopic() as Error).message).toContain('"a/#"');
});

describe('what is known of a problem', () => {
  test('depends on the version only in its statement', () => {
    expect(problemFacts('null-character', '5.0')).toMatchObject({ reasonCode: 0x81, statement: 'MQTT-1.5.4-2' });
    expect(problemFacts('null-character', '3.1.1')).toMatchObject({ reasonCode: 0x81, statement: 'MQTT-1.5.3-2' });
  });

  test('has no statement in a version without one', () => {
    expect(problemFacts('password-without-username', '5.0').statement).toBeUndefined();
    expect(problemFacts('password-without-username', '3.1.1').statement).toBe('MQTT-3.1.2-22');
    expect(problemFacts('bad-topic-alias', '3.1.1').statement).toBeUndefined();
    expect(problemFacts('truncated', '5.0').statement).toBeUndefined();
  });

  test('has a type that lists all problems', () => {
    expectTypeOf<'truncated' | 'bad-qos' | 'only-in-5.0'>().toExtend<Problem>();
    expectTypeOf<'no such problem'>().not.toExtend<Problem>();
  });
});
