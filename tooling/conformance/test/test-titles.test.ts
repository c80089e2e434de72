import { describe, expect, test } from 'vitest';

import { findTestTitles } from '../src/test-titles.ts';
import { UnreadableSourceError } from '../src/tokens.ts';

function titles(source: string): readonly string[] {
  return findTestTitles(source).map(({ text, runs }) => (runs ? text : `not run: ${text}`));
}

describe('findTestTitles', () => {
  test.each([
    ["test('a', () => {});"],
    ['it("a", () => {});'],
    ['describe(`a`, () => {});'],
    ["test\n  .concurrent\n  .only('a', f);"],
    ["test(/* why */ 'a', f);"],
    ["test.each([[1, ')'], [2, '(']])('a', f);"],
    ["test.each<readonly [number, () => Map<string, string>]>(rows)('a', f);"],
    ["test.each`x | y\n${1} | ${2}`('a', f);"],
    ["describe.for(rows)('a', f);"],
    ["test.skipIf(process.env['CI'] === undefined)('a', f);"],
    ["test.runIf(hasPeer).each(rows)('a', f);"],
    ["test.concurrent.each(rows)('a', f);"],
    ["test('' + 'a', f);"],
  ])('%s has the title a', (source) => {
    expect(titles(source)).toEqual(['a']);
  });

  test.each([
    ["// test('a', f);"],
    ["/* test('a', f); */"],
    [`const source = "test('a', f);";`],
    ["const source = `test('a', f);`;"],
    ["/^a/.test('a');"],
    ["pattern?.test('a');"],
    ["function test('a') {}"],
    ["expect('a').toBe('b');"],
    ["contest('a', f);"],
    ["test(title, 'a');"],
    ["test.extend({ name: 'a' });"],
    ["const names = { test: ['a'] };"],
    ["test.each(['a']);"],
  ])('%s has no title', (source) => {
    expect(titles(source)).toEqual([]);
  });

  test('what is computed in a title is a hole', () => {
    expect(titles('test(`a ${b} c`, f); test("a " + b, f);')).toEqual(['a ${} c', 'a ${}']);
  });

  test.each(['skip', 'todo', 'fails', 'concurrent.skip'])('a test with %s does not run', (modifier) => {
    expect(titles(`test.${modifier}('a', f); test('b', f);`)).toEqual(['not run: a', 'b']);
  });

  test('each title knows the titles around it', () => {
    const source = "describe('a', () => { test('b', f); describe('c', () => { test('d', f); }); }); test('e', f);";
    expect(findTestTitles(source).map(({ text, within }) => [...within, text].join(' '))).toEqual([
      'a',
      'a b',
      'a c',
      'a c d',
      'e',
    ]);
  });

  test('a skipped describe takes along what stands in it, and nothing after it', () => {
    const source = `
      describe.skip('a', () => {
        test('b', () => { f(); });
        describe('c', () => test.each(rows)('d', f));
      });
      test('e', f);`;
    expect(titles(source)).toEqual(['not run: a', 'not run: b', 'not run: c', 'not run: d', 'e']);
  });

  test('each title knows its line', () => {
    const source = "describe('a', () => {\n  test(\n    'b',\n    f,\n  );\n});";
    expect(findTestTitles(source).map(({ line }) => line)).toEqual([1, 3]);
  });

  test.each(["test('a', f));", "describe('a', () => {"])('%s is refused', (source) => {
    expect(() => findTestTitles(source)).toThrow(UnreadableSourceError);
  });
});
