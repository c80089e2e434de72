import { describe, expect, test } from 'vitest';

import { parseParityRows, readParityRows } from '../../src/parity/rows.ts';

describe('the list of rows', () => {
  test('has every row of every group, numbered without a gap', () => {
    const counts = Object.entries({ O: 18, Z: 36, M: 13, E: 50, B: 32, P: 18 });
    const expected = counts.flatMap(([group, count]) =>
      Array.from({ length: count }, (_, index) => `${group}${index + 1}`),
    );
    expect(readParityRows().map(({ id }) => id)).toEqual(expected);
  });

  test.each([
    ['an id of no group', [{ id: 'X1', what: 'it' }], 'no id'],
    ['an id without a number', [{ id: 'O', what: 'it' }], 'no id'],
    [
      'an id twice',
      [
        { id: 'O1', what: 'it' },
        { id: 'O1', what: 'again' },
      ],
      'twice',
    ],
    ['nothing said', [{ id: 'O1' }], 'no field what'],
    ['an empty reason', [{ id: 'O1', what: 'it', open: '' }], 'open is not a text'],
    ['an unknown field', [{ id: 'O1', what: 'it', opne: 'later' }], 'unknown field opne'],
  ] as const)('is refused with %s', (_, rows, message) => {
    expect(() => parseParityRows(JSON.stringify(rows))).toThrow(message);
  });
});
