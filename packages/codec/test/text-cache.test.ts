import { describe, expect, test } from 'vitest';

import { TextCache } from '../src/text-cache.ts';

/** Looks the text up, and has it remembered when it is not there; says whether it was. */
function isFound(cache: TextCache, text: string): boolean {
  const bytes = new TextEncoder().encode(`<${text}>`);
  const end = bytes.length - 1;
  const words = new DataView(bytes.buffer);
  const found = cache.recall(words, 1, end);
  if ((found ?? cache.remember(words, 1, text)) !== text) throw new Error(`${found} was found for ${text}`);
  return found !== undefined;
}

function texts(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `topic/${index}`);
}

describe('a cache of texts', () => {
  test.each(['a', 'abcd', 'abcde', 'a'.repeat(96)])('finds %j when it comes again', (text) => {
    const cache = new TextCache(4);
    expect([isFound(cache, text), isFound(cache, text)]).toEqual([false, true]);
  });

  test('remembers nothing that is longer than a slot, and nothing that is not ASCII', () => {
    const cache = new TextCache(4);
    for (const text of ['a'.repeat(97), 'é']) {
      expect([isFound(cache, text), isFound(cache, text)]).toEqual([false, false]);
    }
  });

  test('tells texts apart that share a slot', () => {
    const cache = new TextCache(1);
    const alike = ['abc', 'abd', 'ab', 'abcd', 'abc\u0001', 'zbc'];
    for (const first of alike) {
      for (const second of alike.filter((text) => text !== first)) {
        isFound(cache, first);
        isFound(cache, second);
        expect(isFound(cache, second)).toBe(true);
      }
    }
  });
});

describe('where hardly anything repeats', () => {
  test('the cache rests, and finds nothing for a while', () => {
    const cache = new TextCache(2);
    for (const text of texts(1000)) isFound(cache, text);
    expect([isFound(cache, 'x'), isFound(cache, 'x')]).toEqual([false, false]);
  });

  test('the cache works again when texts begin to repeat', () => {
    const cache = new TextCache(2);
    for (const text of texts(1000)) isFound(cache, text);
    for (let count = 0; count < 4000; count += 1) isFound(cache, 'x');
    expect(isFound(cache, 'x')).toBe(true);
  });

  test('filling an empty cache does not make it rest', () => {
    const cache = new TextCache(14);
    for (const text of texts(1000)) isFound(cache, text);
    expect(texts(1000).filter((text) => isFound(cache, text)).length).toBeGreaterThan(800);
  });
});
