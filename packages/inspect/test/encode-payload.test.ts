import { type Arbitrary, assert, jsonValue, property } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodePayload, encodePayload } from '../src/index.ts';

const formats = ['cbor', 'msgpack'] as const;
type Json = Parameters<typeof encodePayload>[0];

/** What JSON can say; -0 apart, since JSON itself does not keep it. */
const json = jsonValue({ maxDepth: 4 }) as Arbitrary<Json>;

describe.each(formats)('%s', (format) => {
  test('reads back what it wrote', () => {
    assert(
      property(json, (value) => {
        const payload = encodePayload(value, format);
        const decoded = decodePayload({ topic: undefined, contentType: undefined, payload }, format);
        expect(decoded?.value).toEqual(value);
      }),
      { numRuns: 500 },
    );
  });

  test.each([0, 23, 24, 127, 128, 255, 256, 65_535, 65_536, 2 ** 32 - 1, 2 ** 32, 2 ** 53 - 1])(
    'keeps %d and its negative, whatever their size',
    (number) => {
      for (const value of [number, -number - 1, number + 0.5]) {
        const payload = encodePayload([value], format);
        const decoded = decodePayload({ topic: undefined, contentType: undefined, payload }, format);
        // Beyond 32 bits the readers give texts, so that no digit is lost.
        expect([decoded?.value].flat().map(Number)).toEqual([value]);
      }
    },
  );

  test.each([15, 16, 31, 32, 255, 256, 65_535, 65_536])('keeps texts and lists of length %d', (length) => {
    // The readers refuse lists as long as the longest texts.
    const value = ['x'.repeat(length), Array.from({ length: Math.min(length, 300) }, () => true)];
    const payload = encodePayload(value, format);
    expect(decodePayload({ topic: undefined, contentType: undefined, payload }, format)?.value).toEqual(value);
  });
});

/** Appendix A of RFC 8949. */
const cborVectors: readonly (readonly [Json, string])[] = [
  [0, '00'],
  [23, '17'],
  [24, '1818'],
  [100, '1864'],
  [1000, '1903e8'],
  [1_000_000, '1a000f4240'],
  [1_000_000_000_000, '1b000000e8d4a51000'],
  [-1, '20'],
  [-1000, '3903e7'],
  [1.1, 'fb3ff199999999999a'],
  [-4.1, 'fbc010666666666666'],
  [false, 'f4'],
  [true, 'f5'],
  [null, 'f6'],
  ['', '60'],
  ['IETF', '6449455446'],
  ['ü', '62c3bc'],
  [[1, [2, 3], [4, 5]], '8301820203820405'],
  [{ a: 1, b: [2, 3] }, 'a26161016162820203'],
];

/** From the specification of MessagePack, and the picture on its home page. */
const messagePackVectors: readonly (readonly [Json, string])[] = [
  [{ compact: true, schema: 0 }, '82a7636f6d70616374c3a6736368656d6100'],
  [-1, 'ff'],
  [-32, 'e0'],
  [-33, 'd0df'],
  [127, '7f'],
  [128, 'cc80'],
  [65_536, 'ce00010000'],
  [-32_769, 'd2ffff7fff'],
  [null, 'c0'],
  [1.5, 'cb3ff8000000000000'],
  ['a', 'a161'],
];

test.each(cborVectors)('the standard and cbor agree on %j', (value, hex) => {
  expect(Buffer.from(encodePayload(value, 'cbor')).toString('hex')).toBe(hex);
});

test.each(messagePackVectors)('the specification and msgpack agree on %j', (value, hex) => {
  expect(Buffer.from(encodePayload(value, 'msgpack')).toString('hex')).toBe(hex);
});
