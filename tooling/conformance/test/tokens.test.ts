import { describe, expect, test } from 'vitest';

import { UnreadableSourceError, tokenize } from '../src/tokens.ts';

function texts(source: string): readonly string[] {
  return tokenize(source).map(({ kind, text }) => `${kind}:${text}`);
}

describe('tokenize', () => {
  test('comments leave nothing behind', () => {
    expect(texts("#!/usr/bin/env node\n// it('a')\n/* it('b')\n * it('c') */ x")).toEqual(['word:x']);
  });

  test('a comment sign inside a string is text', () => {
    expect(texts(`'http://a' "/* b"`)).toEqual(['string:http://a', 'string:/* b']);
  });

  test('an escaped quote does not end a string', () => {
    expect(texts(String.raw`'it\'s' "\\" x`)).toEqual(["string:it's", String.raw`string:\ `.trim(), 'word:x']);
  });

  test('a computed part of a template is shown as a hole, whatever is in it', () => {
    expect(texts("`a ${{ b: `}${c}'` }} d $ \\` e` f")).toEqual(['template:a ${} d $ ` e', 'word:f']);
  });

  test.each([
    ['x = /[/\'"]`/u.exec(y)', 'regex:/[/\'"]`/u'],
    ["return /'/", "regex:/'/"],
    ['f(/"/)', 'regex:/"/'],
    ['/^a/', 'regex:/^a/'],
  ])('%s holds a regular expression', (source, expected) => {
    expect(texts(source)).toContain(expected);
  });

  test.each(['a / b / c', '(a) / 2 / c', 'a[0] / 2 / c', '1 / 2 / 3', 'i++ / 2 / 3', 'row.of / 2 / 3'])(
    '%s holds divisions',
    (source) => {
      expect(tokenize(source).filter(({ kind }) => kind === 'regex')).toEqual([]);
    },
  );

  test('lines are counted through comments, strings and templates', () => {
    const source = "/*\n*/ a\n`\n${\nb}\n` c 'd\\\ne' f";
    expect(tokenize(source).map(({ line }) => line)).toEqual([2, 3, 6, 6, 7]);
  });

  test.each([
    ["x\n'abc\n'", 2],
    ['`abc', 1],
    ['`${a', 1],
    ['/* abc', 1],
    ['x = /abc\n', 1],
  ])('%j is refused, because what follows cannot be known', (source, line) => {
    let thrown: unknown;
    try {
      tokenize(source);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(UnreadableSourceError);
    expect(thrown).toMatchObject({ line });
  });
});
