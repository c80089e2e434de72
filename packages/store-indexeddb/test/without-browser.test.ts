import { expect, test } from 'vitest';
import { indexedDbStore } from '../src/index.ts';

test('opening where there is no IndexedDB fails, and says so', async () => {
  const expected = { code: 'store-failed', reason: 'missing', retryable: false };
  await expect(indexedDbStore('any').open('lamp')).rejects.toMatchObject(expected);
});

test.each([
  { what: 'an unknown option', options: { durable: true }, says: 'there is no option durable' },
  { what: 'another durability', options: { durability: 'full' }, says: 'durability is' },
  { what: 'a limit that is no number', options: { maxBytes: Number.NaN }, says: 'maxBytes is a number' },
])('$what is refused', ({ options, says }) => {
  const make = (): unknown => indexedDbStore('any', options as object);
  expect(make).toThrow(expect.objectContaining({ code: 'store-failed', reason: 'invalid-option' }));
  expect(make).toThrow(says);
});

test('a database needs a name', () => {
  expect(() => indexedDbStore('')).toThrow(expect.objectContaining({ reason: 'invalid-option' }));
});
