import { expect, test } from 'vitest';
import { cutInOddPieces } from '../src/odd-pieces.ts';

test('the pieces put together are the bytes', () => {
  const bytes = Uint8Array.from({ length: 100 }, (_, index) => index);
  const pieces = cutInOddPieces(bytes);

  expect(Math.max(...pieces.map(({ length }) => length))).toBe(11);
  expect(pieces.flatMap((piece) => [...piece])).toEqual([...bytes]);
});

test('no bytes are no pieces', () => {
  expect(cutInOddPieces(new Uint8Array(0))).toEqual([]);
});
