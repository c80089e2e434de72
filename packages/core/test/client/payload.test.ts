import { assert, property, string } from 'fast-check';
import { expect, test } from 'vitest';
import { toBytes, toText } from '../../src/client/payload.ts';

test('a text becomes its UTF-8, whatever it consists of', () => {
  assert(
    property(string({ unit: 'binary', maxLength: 3000, size: 'max' }), (text) => {
      expect(Buffer.compare(toBytes(text), Buffer.from(text))).toBe(0);
    }),
    { numRuns: 300 },
  );
});

test.each([
  ['as long as fits into the memory that texts pass through', '€'.repeat(1365)],
  ['longer than that', '€'.repeat(1366)],
  ['empty', ''],
  ['of half a character', 'a\ud83db'],
])('a text that is %s becomes its UTF-8', (_, text) => {
  expect(Buffer.compare(toBytes(text), Buffer.from(text))).toBe(0);
  expect(toText(toBytes(text))).toBe(Buffer.from(text).toString());
});

test('the bytes of a text are its own: those of the next one do not change them', () => {
  const first = toBytes('first');
  toBytes('other');
  expect(toText(first)).toBe('first');
  expect(first.buffer.byteLength).toBe(5);
});
