import { describe, expect, test } from 'vitest';
import { lineChanges } from '../../page/payload/line-changes.ts';

const shown = (before: string, after: string): string[] =>
  lineChanges(before, after).changes.map(({ kind, line }) => `${{ same: ' ', gone: '-', new: '+' }[kind]}${line}`);

const many = (first: string): string => [first, ...Array.from({ length: 5000 }, (_, index) => `${index}`)].join('\n');

describe('the changes of a payload', () => {
  test.each([
    ['a\nb\nc', 'a\nx\nc', [' a', '-b', '+x', ' c']],
    ['a\nb', 'a\nb', [' a', ' b']],
    ['a', 'a\nb\nc', [' a', '+b', '+c']],
    ['a\nb\nc', 'c', ['-a', '-b', ' c']],
    ['', 'x', ['-', '+x']],
  ])('from %j to %j are the fewest lines that tell it', (before, after, changes) => {
    expect(shown(before, after)).toEqual(changes);
  });

  test('of a text with very many lines are those of its beginning, and say so', () => {
    const { changes, isCut } = lineChanges(many('a'), many('b'));
    expect(isCut).toBe(true);
    expect(changes).toHaveLength(501);
  });
});
