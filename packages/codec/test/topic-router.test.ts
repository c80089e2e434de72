import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { InvalidTopicError, topicMatches, TopicRouter } from '../src/index.ts';
import { thrownBy } from './refusal.ts';

function routerOf(...filters: readonly string[]): TopicRouter<string> {
  const router = new TopicRouter<string>();
  for (const filter of filters) router.add(filter, filter);
  return router;
}

describe('TopicRouter', () => {
  test('finds the filters that a topic matches, and no others', () => {
    const router = routerOf('a/b', 'a/+', 'a/#', '+/b', '#', 'a', 'a/c', '+/c', '+', 'b/#', '/a/b', 'a/b/+');
    expect(router.match('a/b').toSorted()).toEqual(['#', '+/b', 'a/#', 'a/+', 'a/b']);
    expect(router.match('a').toSorted()).toEqual(['#', '+', 'a', 'a/#']);
    expect(router.match('$x')).toEqual([]);
  });

  test('[5.0 MQTT-4.7.2-1] [3.1.1 MQTT-4.7.2-1] hides topics that begin with $ from filters that begin with a wildcard', () => {
    const router = routerOf('#', '+', '+/#', '+/a', '$SYS/#', '$SYS/+', '$SYS/a');
    expect(router.match('$SYS/a').toSorted()).toEqual(['$SYS/#', '$SYS/+', '$SYS/a']);
    expect(router.match('$SYS').toSorted()).toEqual(['$SYS/#']);
    expect(router.match('a/$SYS').toSorted()).toEqual(['#', '+/#']);
  });

  test('[5.0 MQTT-4.8.2-2] finds a shared filter by what stands behind the name of its share', () => {
    const router = routerOf('$share/g/a', '$share/g/+', '$share/h//a', '$share/g/#');
    expect(router.match('a').toSorted()).toEqual(['$share/g/#', '$share/g/+', '$share/g/a']);
    expect(router.match('/a').toSorted()).toEqual(['$share/g/#', '$share/h//a']);
    expect(router.match('$share/g/a')).toEqual([]);
  });

  test('finds a value as often as it was added, and loses it once at a time', () => {
    for (const filter of ['a', '+', 'a/#']) {
      const router = new TopicRouter<string>();
      router.add(filter, 'x');
      router.add(filter, 'y');
      router.add(filter, 'x');
      expect(router.match('a')).toEqual(['x', 'y', 'x']);
      expect(router.size).toBe(3);
      expect(router.remove(filter, 'x')).toBe(true);
      expect(router.match('a').toSorted()).toEqual(['x', 'y']);
      expect([router.remove(filter, 'x'), router.remove(filter, 'x')]).toEqual([true, false]);
      expect([router.match('a'), router.size]).toEqual([['y'], 1]);
    }
  });

  test('says whether there was something to remove', () => {
    const router = routerOf('a', 'a/+', 'a/b/#');
    const missing = [
      ['b', 'b'],
      ['a', 'b'],
      ['a/+', 'a'],
      ['a/#', 'a/#'],
      ['a/b', 'a/b'],
      ['a/+/c', 'a/+/c'],
      ['+', '+'],
    ] as const;
    expect(missing.map(([filter, value]) => router.remove(filter, value))).toEqual(missing.map(() => false));
    expect(router.size).toBe(3);
    expect(router.remove('a/+', 'a/+')).toBe(true);
    expect([router.match('a/b'), router.size]).toEqual([['a/b/#'], 2]);
  });

  test('takes values of every kind, undefined included', () => {
    const router = new TopicRouter<unknown>();
    router.add('+', undefined);
    router.add('a', Number.NaN);
    expect(router.match('a')).toEqual([Number.NaN, undefined]);
    expect(router.remove('+', undefined)).toBe(true);
    expect(router.match('a')).toEqual([Number.NaN]);
  });

  test('refuses a bad filter and does not count it', () => {
    const router = new TopicRouter<number>();
    for (const filter of ['', 'a#', '+a', '$share/g', 'a\0', '\ud800', 'a'.repeat(65_536)]) {
      expect(thrownBy(() => router.add(filter, 1))).toBeInstanceOf(InvalidTopicError);
    }
    expect(router.size).toBe(0);
  });

  test('hands out lists that it does not keep', () => {
    const router = routerOf('a', '+');
    router.match('a').length = 0;
    expect(router.match('a')).toHaveLength(2);
  });

  test('keeps a filter apart from the topics and filters that only share its beginning', () => {
    const router = routerOf('a/+/c', 'a/+');
    expect(router.remove('a/+', 'a/+')).toBe(true);
    expect(router.match('a/b/c')).toEqual(['a/+/c']);
    expect(router.remove('a/+/c', 'a/+/c')).toBe(true);
    expect([router.match('a/b/c'), router.match('a/b'), router.size]).toEqual([[], [], 0]);
  });

  test('finds filters named like the members of an object', () => {
    const router = routerOf('__proto__', 'constructor/+', '+/toString');
    expect(router.match('__proto__')).toEqual(['__proto__']);
    expect(router.match('constructor/toString').toSorted()).toEqual(['+/toString', 'constructor/+']);
    expect(router.match('toString')).toEqual([]);
  });
});

describe('TopicRouter at the limits', () => {
  test('holds and finds filters of 65535 levels', () => {
    const slashes = '/'.repeat(65_535);
    const hash = `${'/'.repeat(65_534)}#`;
    const pluses = `${'+/'.repeat(32_767)}+`;
    const router = routerOf(slashes, hash, pluses);
    expect(router.match(slashes).toSorted()).toEqual([hash, slashes].toSorted());
    expect(router.match('/'.repeat(32_767))).toEqual([pluses]);
    expect([slashes, hash, pluses].map((filter) => router.remove(filter, filter))).toEqual([true, true, true]);
    expect([router.size, router.match(slashes)]).toEqual([0, []]);
  });

  test('holds very many values of one filter', () => {
    const router = new TopicRouter<number>();
    const count = 200_000;
    for (let value = 0; value < count; value += 1) router.add('a/+', value);
    expect(router.match('a/b')).toHaveLength(count);
  });

  test('frees the branches of what was removed', () => {
    const router = new TopicRouter<string>();
    const before = heapInUse();
    for (let index = 0; index < 20_000; index += 1) {
      for (const filter of [`room ${index}/+/device ${index}/state`, `topic ${index}`]) {
        router.add(filter, 'x');
        router.remove(filter, 'x');
      }
    }
    const growth = heapInUse() - before;
    // Kept branches would be four maps and more for each filter, more than 30 MB in all.
    expect(growth).toBeLessThan(3_000_000);
    expect(router.size).toBe(0);
  });
});

describe('TopicRouter agrees with topicMatches', () => {
  // Few levels, so that filters and topics meet often.
  const levels = fc.constantFrom('', 'a', 'b', '$s');
  const topics = fc.array(levels, { minLength: 1, maxLength: 4 }).map((parts) => parts.join('/'));
  const filterLevels = fc.constantFrom('', 'a', 'b', '$s', '+', '+');
  const plainFilters = fc
    .tuple(fc.array(filterLevels, { minLength: 1, maxLength: 4 }), fc.boolean())
    .map(([parts, isOpen]) => (isOpen ? [...parts.slice(0, -1), '#'] : parts).join('/'));
  const filters = fc
    .oneof(
      plainFilters,
      plainFilters.map((filter) => `$share/g/${filter}`),
    )
    .filter((filter) => filter !== '' && filter !== '$share/g/');
  const steps = fc.oneof(
    fc.record({ action: fc.constantFrom('add' as const, 'remove' as const), filter: filters, copy: fc.nat(1) }),
    fc.record({ action: fc.constant('match' as const), topic: topics.filter((topic) => topic !== '') }),
  );

  test('after any additions and removals', () => {
    fc.assert(
      fc.property(fc.array(steps, { maxLength: 60 }), (list) => {
        const router = new TopicRouter<string>();
        const model = new NaiveRouter();
        expect(list.map((step) => perform(router, step))).toEqual(list.map((step) => perform(model, step)));
      }),
      { numRuns: 2000 },
    );
  });

  test('for every small filter and topic [parity B17]', () => {
    const parts = ['', 'a', '$s'];
    const someTopics = [...parts, ...parts.flatMap((x) => parts.map((y) => `${x}/${y}`))].filter((each) => each !== '');
    const ends = [...parts, '+', '#'];
    const someFilters = [...ends, ...[...parts, '+'].flatMap((x) => ends.map((y) => `${x}/${y}`))];
    const router = routerOf(...someFilters.filter((each) => each !== ''));
    for (const topic of someTopics) {
      const expected = someFilters.filter((filter) => filter !== '' && topicMatches(filter, topic));
      expect([topic, router.match(topic).toSorted()]).toEqual([topic, expected.toSorted()]);
    }
  });
});

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

function heapInUse(): number {
  collectGarbage();
  return process.memoryUsage().heapUsed;
}

type Step =
  | { readonly action: 'add' | 'remove'; readonly filter: string; readonly copy: number }
  | { readonly action: 'match'; readonly topic: string };

type Router = Pick<TopicRouter<string>, 'add' | 'remove' | 'match' | 'size'>;

/** What a step leads to, in a form that does not depend on the order of values. */
function perform(router: Router, step: Step): unknown {
  if (step.action === 'match') return router.match(step.topic).toSorted();
  const value = `${step.filter} #${step.copy}`;
  const result = router[step.action](step.filter, value);
  return [result, router.size];
}

/** The oracle: a list of all filters, each compared with the topic. */
class NaiveRouter implements Router {
  readonly #entries: { filter: string; value: string }[] = [];

  get size(): number {
    return this.#entries.length;
  }

  add(filter: string, value: string): void {
    this.#entries.push({ filter, value });
  }

  remove(filter: string, value: string): boolean {
    const index = this.#entries.findIndex((entry) => entry.filter === filter && entry.value === value);
    if (index === -1) return false;
    this.#entries.splice(index, 1);
    return true;
  }

  match(topic: string): string[] {
    return this.#entries.filter(({ filter }) => topicMatches(filter, topic)).map(({ value }) => value);
  }
}
