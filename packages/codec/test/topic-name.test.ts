import { describe, expect, test } from 'vitest';

import { InvalidTopicError, validateTopicName } from '../src/index.ts';
import { thrownBy } from './refusal.ts';

describe('a topic name', () => {
  test.each([
    'a',
    '/',
    '//',
    'a/b',
    '/a',
    'a/',
    'a//b',
    ' ',
    'A b',
    '$SYS/x',
    '$share/g/t',
    '€/🦊',
    '\ufeff',
    '\u0001',
    '*',
  ])('may be %j [parity Z11, E40]', (topic) => {
    expect(() => validateTopicName(topic)).not.toThrow();
  });

  test('[5.0 MQTT-4.7.3-1] [3.1.1 MQTT-4.7.3-1] is not empty', () => {
    const error = thrownBy(() => validateTopicName(''));
    expect(error).toBeInstanceOf(InvalidTopicError);
    expect(error).toMatchObject({ code: 'invalid-topic', problem: 'empty-topic', topic: '' });
  });

  test('[5.0 MQTT-4.7.0-1] [3.1.1 MQTT-4.7.1-1] has no wildcard anywhere [parity E40, B2]', () => {
    for (const topic of ['#', '+', 'a/#', 'a/+/b', 'a+', '+a', 'a#b', '/+']) {
      expect(thrownBy(() => validateTopicName(topic))).toMatchObject({
        problem: 'wildcard-in-topic',
        reasonCode: 0x90,
        topic,
      });
    }
  });

  test('[5.0 MQTT-4.7.3-2] [3.1.1 MQTT-4.7.3-2] has no U+0000', () => {
    for (const topic of ['\0', 'a\0', 'a/\0/b']) {
      expect(thrownBy(() => validateTopicName(topic))).toMatchObject({ problem: 'null-character' });
    }
  });

  test('[5.0 MQTT-1.5.4-1] [3.1.1 MQTT-1.5.3-1] has no lone surrogate', () => {
    for (const topic of ['\ud83e', 'a\udd8a', '\udd8a\ud83e', 'a/\ud83e']) {
      expect(thrownBy(() => validateTopicName(topic))).toMatchObject({ problem: 'ill-formed-text' });
    }
  });

  test('[5.0 MQTT-4.7.3-3] [3.1.1 MQTT-4.7.3-3] has at most 65535 bytes, which are not characters [parity E40, B32]', () => {
    const longest = ['a'.repeat(65_535), '/'.repeat(65_535), '€'.repeat(21_845), `${'🦊'.repeat(16_383)}abc`];
    for (const topic of longest) {
      expect(() => validateTopicName(topic)).not.toThrow();
      expect(thrownBy(() => validateTopicName(`${topic}a`))).toMatchObject({ problem: 'text-too-long' });
    }
    expect(thrownBy(() => validateTopicName('é'.repeat(32_768)))).toMatchObject({ problem: 'text-too-long' });
    expect(thrownBy(() => validateTopicName('x'.repeat(50_000_000)))).toMatchObject({ problem: 'text-too-long' });
    // Where characters of one to four bytes end beside the limit.
    const beside = ['a', 'é', '€', '😀'].flatMap((character) => {
      const most = character.repeat(Math.floor(65_533 / Buffer.byteLength(character)));
      return [0, 1, 2, 3, 4].map((more) => `${most}${'a'.repeat(more)}`);
    });
    for (const topic of beside) {
      expect(isValid(topic)).toBe(Buffer.byteLength(topic) <= 65_535);
    }
  });

  test('that is long is shortened in the message and not in the error', () => {
    const topic = `${'x'.repeat(5000)}#`;
    const error = thrownBy(() => validateTopicName(topic)) as InvalidTopicError;
    expect(error.topic).toBe(topic);
    expect(error.message.length).toBeLessThan(200);
  });
});

function isValid(topic: string): boolean {
  try {
    validateTopicName(topic);
    return true;
  } catch {
    return false;
  }
}
