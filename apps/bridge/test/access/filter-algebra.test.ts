import { array, assert, constantFrom, pre, property } from 'fast-check';
import { topicMatches, validateTopicFilter } from 'omqtt';
import { expect, test } from 'vitest';
import { filterContains, filtersOverlap } from '../../src/access/filter-algebra.ts';

const level = constantFrom('', 'a', 'b', '$s', '+', '#');
const filters = array(level, { minLength: 1, maxLength: 3 })
  .map((levels) => levels.join('/'))
  .filter((filter) => {
    try {
      validateTopicFilter(filter);
      return true;
    } catch {
      return false;
    }
  });

/** Every topic of up to four levels, of these names and one that no filter has. */
const names = ['', 'a', 'b', '$s', 'x'];
const topics = [1, 2, 3, 4].flatMap((depth) => {
  let list = [''];
  for (let index = 0; index < depth; index += 1) {
    list = list.flatMap((start) => names.map((name) => (index === 0 ? name : `${start}/${name}`)));
  }
  return list.filter((topic) => topic !== '');
});

test('a filter contains another exactly when it matches all of its topics', () => {
  assert(
    property(filters, filters, (outer, inner) => {
      const isContained = topics.every((topic) => !topicMatches(inner, topic) || topicMatches(outer, topic));
      // Filters without any topic among these say nothing.
      pre(topics.some((topic) => topicMatches(inner, topic)));
      expect([outer, inner, filterContains(outer, inner)]).toEqual([outer, inner, isContained]);
    }),
    { numRuns: 2000 },
  );
});

test('two filters overlap when a topic matches both', () => {
  assert(
    property(filters, filters, (one, other) => {
      pre(topics.some((topic) => topicMatches(one, topic) && topicMatches(other, topic)));
      expect([one, other, filtersOverlap(one, other)]).toEqual([one, other, true]);
    }),
    { numRuns: 2000 },
  );
});

test.each([
  ['#', 'a/b', true],
  ['+/#', '#', true],
  ['/+/#', '/#', true],
  ['+', '#', false],
  ['+/+/#', '#', false],
  ['#', '$SYS/#', false],
  ['+/a', '$SYS/a', false],
  ['$SYS/#', '$SYS/a', true],
  ['a/#', 'a', true],
  ['a/+', 'a/#', false],
  ['a/+', 'a/+', true],
  ['a/b', 'a/+', false],
  ['a/+/c', 'a/b/c', true],
])('%s contains %s: %s', (outer, inner, expected) => {
  expect(filterContains(outer, inner)).toBe(expected);
});
