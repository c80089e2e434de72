import { describe, expect, test } from 'vitest';

import { topicMatches } from '../src/index.ts';

/** For each filter, topics that it matches and topics that it does not. */
const table: readonly (readonly [filter: string, matched: readonly string[], others: readonly string[]])[] = [
  ['a', ['a'], ['b', 'A', 'a/', '/a', 'aa', 'a/b', '$a']],
  ['a/b', ['a/b'], ['a', 'a/', 'a/bc', 'a/b/', 'a/b/c', 'b/a', 'a//b']],
  ['/', ['/'], ['a', '//', '/a', 'a/']],
  ['#', ['a', '/', 'a/b', '/a', 'a//b', ' '], ['$', '$SYS', '$SYS/x', '$share/g/t']],
  ['a/#', ['a', 'a/', 'a/b', 'a/b/c', 'a//'], ['ab', 'b', 'A/b', '/a', 'ab/c', '$a/b']],
  ['a/b/#', ['a/b', 'a/b/', 'a/b/c'], ['a', 'a/', 'a/bc', 'a/bc/d']],
  ['/#', ['/', '/a', '/a/b', '//'], ['a', 'a/', 'a/b', '$SYS/a']],
  ['+', ['a', 'abc', ' '], ['/', 'a/', '/a', 'a/b', '$', '$SYS']],
  ['+/+', ['/', '/a', 'a/', 'a/b'], ['a', '//', 'a/b/c', '$SYS/a']],
  ['/+', ['/', '/a'], ['a', 'a/', '//', '/a/b']],
  ['+/', ['/', 'a/'], ['a', '/a', 'a//', '$a/']],
  ['a/+', ['a/', 'a/b'], ['a', 'a/b/', 'a/b/c', 'b/a', 'ab/c']],
  ['a/+/c', ['a/b/c', 'a//c', 'a/+x/c'], ['a/c', 'a/b/c/', 'a/b/d', 'a/b/b/c', 'a/b']],
  ['+/b/+', ['a/b/c', '/b/', 'a/b/'], ['a/b', 'b/b', 'a/c/c', '$a/b/c']],
  ['+/#', ['a', 'a/', 'a/b', '/', '/a', 'a/b/c'], ['$SYS', '$SYS/a']],
  ['a/+/#', ['a/', 'a/b', 'a/b/c'], ['a', 'b/b']],
  ['+/+/#', ['/', 'a/b', 'a/b/c', '//'], ['a', '$a/b']],
  ['$SYS/#', ['$SYS', '$SYS/', '$SYS/a/b'], ['$SYSx', 'SYS/a', '$sys/a', '/$SYS']],
  ['$SYS/+', ['$SYS/a', '$SYS/'], ['$SYS', '$SYS/a/b']],
  ['a/$b/#', ['a/$b', 'a/$b/c'], ['a/b', '$b']],
  ['a/+/$c', ['a/$b/$c'], ['a/$b/c']],
  // A combining accent, a byte order mark and capitals are characters like all others.
  ['\u00e9', ['\u00e9'], ['e\u0301', 'E\u0301']],
  ['\ufeffa', ['\ufeffa'], ['a']],
  ['🦊/+', ['🦊/🦊'], ['🦊', '\ud83e/a']],
];

const cases = table.flatMap(([filter, matched, others]) => [
  ...matched.map((topic) => ({ filter, topic, does: true })),
  ...others.map((topic) => ({ filter, topic, does: false })),
]);

describe('whether a filter matches a topic', () => {
  test.each(cases)('$filter, $topic: $does [parity E41, E42, B17]', ({ filter, topic, does }) => {
    expect(topicMatches(filter, topic)).toBe(does);
  });

  test('[5.0 MQTT-4.7.2-1] [3.1.1 MQTT-4.7.2-1] a wildcard that comes first reaches no topic that begins with $ [parity E42]', () => {
    const filters = ['#', '+', '+/#', '+/+', '+/monitor/+', '$share/g/#', '$share/g/+/monitor/+'];
    expect(filters.filter((filter) => topicMatches(filter, '$SYS/monitor/x'))).toEqual([]);
    expect(filters.filter((filter) => topicMatches(filter, '$SYS'))).toEqual([]);
    expect(topicMatches('$SYS/monitor/+', '$SYS/monitor/x')).toBe(true);
  });

  test('[5.0 MQTT-4.8.2-2] a shared filter matches what stands behind the name of its share [parity Z25, B28]', () => {
    expect(topicMatches('$share/g/a/+', 'a/b')).toBe(true);
    expect(topicMatches('$share/g/a/+', '$share/g/a/b')).toBe(false);
    expect(topicMatches('$share/g//t', '/t')).toBe(true);
    expect(topicMatches('$share/g//t', 't')).toBe(false);
    expect(topicMatches('$share/g/$SYS/#', '$SYS/a')).toBe(true);
    expect(topicMatches('$SHARE/g/t', 't')).toBe(false);
  });

  test('is known for topics of 65535 levels', () => {
    const deep = '/'.repeat(65_535);
    expect(topicMatches('#', deep)).toBe(true);
    expect(topicMatches(deep, deep)).toBe(true);
    expect(topicMatches(`${'/'.repeat(65_533)}/#`, deep)).toBe(true);
    expect(topicMatches(`${'+/'.repeat(32_767)}#`, deep)).toBe(true);
    expect(topicMatches(`${'+/'.repeat(32_767)}+`, deep)).toBe(false);
    expect(topicMatches(`${'+/'.repeat(32_767)}+`, '/'.repeat(32_767))).toBe(true);
  });
});
