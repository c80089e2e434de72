import { describe, expect, test } from 'vitest';

import { InvalidTopicError, parseSharedFilter, validateTopicFilter } from '../src/index.ts';
import { thrownBy } from './refusal.ts';

function problemOf(filter: string): unknown {
  const error = thrownBy(() => validateTopicFilter(filter));
  return error instanceof InvalidTopicError && error.topic === filter ? error.problem : error;
}

describe('a topic filter', () => {
  test.each(['a', '/', 'a/b', 'a//b', '$SYS/#', '$SYS/+/x', '€', '\ufeff', ' '])('may be %j', (filter) => {
    expect(() => validateTopicFilter(filter)).not.toThrow();
  });

  test('[5.0 MQTT-4.7.1-1] [3.1.1 MQTT-4.7.1-2] has # only alone in its last level [parity E40]', () => {
    for (const filter of ['#', '/#', 'a/#', 'a/b/#', '+/#', '//#']) {
      expect(() => validateTopicFilter(filter)).not.toThrow();
    }
    for (const filter of ['a#', 'a/b#', '#a', 'a/#b', '#/', '#/a', 'a/#/b', '##', '#/#', 'a/#/']) {
      expect([filter, problemOf(filter)]).toEqual([filter, 'misplaced-hash']);
    }
  });

  test('[5.0 MQTT-4.7.1-2] [3.1.1 MQTT-4.7.1-3] has + only as a whole level [parity E40]', () => {
    for (const filter of ['+', '/+', '+/', '+/+', 'a/+', '+/a', 'a/+/b', '+/a/#', '+//+']) {
      expect(() => validateTopicFilter(filter)).not.toThrow();
    }
    for (const filter of ['a+', '+a', 'a/b+', 'a/+b', '++', '+/a+', 'a/++/b', '+/+a', 'a+/#']) {
      expect([filter, problemOf(filter)]).toEqual([filter, 'misplaced-plus']);
    }
  });

  test('[5.0 MQTT-4.7.3-1] [3.1.1 MQTT-4.7.3-1] is not empty', () => {
    expect(problemOf('')).toBe('empty-filter');
  });

  test('[5.0 MQTT-4.7.3-2] [3.1.1 MQTT-4.7.3-2] has no U+0000', () => {
    expect(['\0', 'a/\0', '+/\0/#'].map(problemOf)).toEqual(['null-character', 'null-character', 'null-character']);
  });

  test('[5.0 MQTT-1.5.4-1, MQTT-3.8.3-1, MQTT-3.10.3-1] has no lone surrogate', () => {
    expect(['\ud83e/#', '\udd8a'].map(problemOf)).toEqual(['ill-formed-text', 'ill-formed-text']);
  });

  test('[5.0 MQTT-4.7.3-3] [3.1.1 MQTT-4.7.3-3] has at most 65535 bytes, the name of its share included', () => {
    for (const filter of ['€'.repeat(21_845), `${'/'.repeat(65_534)}#`, `$share/g/${'a'.repeat(65_526)}`]) {
      expect(() => validateTopicFilter(filter)).not.toThrow();
    }
    expect(problemOf(`${'€'.repeat(21_845)}a`)).toBe('text-too-long');
    expect(problemOf(`${'/'.repeat(65_535)}#`)).toBe('text-too-long');
    expect(problemOf(`$share/g/${'a'.repeat(65_527)}`)).toBe('text-too-long');
  });

  test('of 65535 levels is checked without running out of stack', () => {
    expect(() => validateTopicFilter('/'.repeat(65_535))).not.toThrow();
    expect(() => validateTopicFilter(`${'+/'.repeat(32_767)}#`)).not.toThrow();
    expect(problemOf(`${'+/'.repeat(32_766)}a+`)).toBe('misplaced-plus');
  });
});

describe('a shared filter', () => {
  test('[5.0 MQTT-4.8.2-1, MQTT-4.8.2-2] is $share, a name, and a filter', () => {
    expect(parseSharedFilter('$share/g/t')).toEqual({ share: 'g', filter: 't' });
    expect(parseSharedFilter('$share/consumer 1/sport/+/#')).toEqual({ share: 'consumer 1', filter: 'sport/+/#' });
    expect(parseSharedFilter('$share/g//t')).toEqual({ share: 'g', filter: '/t' });
    expect(parseSharedFilter('$share/g//')).toEqual({ share: 'g', filter: '/' });
    expect(parseSharedFilter('$share/$share/$share/x')).toEqual({ share: '$share', filter: '$share/x' });
    expect(parseSharedFilter('$share/€/#')).toEqual({ share: '€', filter: '#' });
  });

  test('[5.0 MQTT-4.8.2-1] is only what begins with $share/, in lower case', () => {
    for (const filter of ['t', '#', '$SHARE/g/t', '$Share/g/t', '/$share/g/t', '$shared/g/t', '$sharex', 'share/g/t']) {
      expect(parseSharedFilter(filter)).toBeUndefined();
      expect(() => validateTopicFilter(filter)).not.toThrow();
    }
  });

  const incomplete = [
    '$share/',
    '$share//',
    '$share//t',
    '$share/g',
    '$share/g/',
    '$share/g+/t',
    '$share/+/t',
    '$share/#/t',
    '$share/g#/t',
  ];

  test('[5.0 MQTT-4.8.2-1, MQTT-4.8.2-2] needs a name without wildcards and something behind it [parity E40]', () => {
    for (const filter of incomplete) {
      expect([filter, problemOf(filter)]).toEqual([filter, 'bad-share']);
      expect(thrownBy(() => parseSharedFilter(filter))).toMatchObject({
        code: 'invalid-topic',
        problem: 'bad-share',
        reasonCode: 0x8f,
        topic: filter,
      });
    }
  });

  test('[5.0 MQTT-4.7.1-1, MQTT-4.7.1-2] has wildcards in the right places of its filter', () => {
    expect(['$share/g/a#', '$share/g/#/a', '$share/g/a+'].map(problemOf)).toEqual([
      'misplaced-hash',
      'misplaced-hash',
      'misplaced-plus',
    ]);
    expect(thrownBy(() => parseSharedFilter('$share/g/a#'))).toMatchObject({ problem: 'misplaced-hash' });
  });
});
