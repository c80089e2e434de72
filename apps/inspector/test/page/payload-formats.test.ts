import { assert, property, uint8Array } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readCbor } from '../../page/payload/cbor.ts';
import { writeValue } from '../../page/payload/decoded-value.ts';
import { readMessagePack } from '../../page/payload/message-pack.ts';

const hex = (text: string): Uint8Array => new Uint8Array(Buffer.from(text.replaceAll(' ', ''), 'hex'));
const written = (found: { readonly value: Parameters<typeof writeValue>[0] } | undefined): string | undefined =>
  found && writeValue(found.value).replace(/\s+/g, ' ');

describe('CBOR', () => {
  // Examples of RFC 8949, Appendix A.
  test.each([
    ['00', '0'],
    ['1b 00 00 00 e8 d4 a5 10 00', '1000000000000'],
    ['1b ff ff ff ff ff ff ff ff', '18446744073709551615'],
    ['38 63', '-100'],
    ['3b ff ff ff ff ff ff ff ff', '-18446744073709551616'],
    ['f9 3c 00', '1'],
    ['f9 00 01', '5.960464477539063e-8'],
    ['f9 7c 00', 'Infinity'],
    ['fb 3f f1 99 99 99 99 99 9a', '1.1'],
    ['f5', 'true'],
    ['f6', 'null'],
    ['c1 1a 51 4b 67 b0', '1(1363896240)'],
    ['44 01 02 03 04', "h'01 02 03 04'"],
    ['62 c3 bc', '"ü"'],
    ['83 01 82 02 03 82 04 05', '[ 1, [ 2, 3 ], [ 4, 5 ] ]'],
    ['a2 61 61 01 61 62 82 02 03', '{ "a": 1, "b": [ 2, 3 ] }'],
    ['5f 42 01 02 43 03 04 05 ff', "h'01 02 03 04 05'"],
    ['7f 65 73 74 72 65 61 64 6d 69 6e 67 ff', '"streaming"'],
    ['bf 63 46 75 6e f5 63 41 6d 74 21 ff', '{ "Fun": true, "Amt": -2 }'],
  ])('%s is %s', (bytes, text) => {
    expect(written(readCbor(hex(bytes)))).toBe(text);
  });

  test.each([
    '',
    '18',
    '62 c3',
    'ff',
    '82 01',
    '01 02',
    '62 ff ff',
    `${'81'.repeat(100)}01`,
    '9b ff ff ff ff ff ff ff ff',
  ])('%s is none', (bytes) => {
    expect(readCbor(hex(bytes))).toBeUndefined();
  });
});

describe('MessagePack', () => {
  test.each([
    ['07', '7'],
    ['ff', '-1'],
    ['c0', 'null'],
    ['d1 80 00', '-32768'],
    ['cf 00 1f ff ff ff ff ff ff', '9007199254740991'],
    ['cb 3f f1 99 99 99 99 99 9a', '1.1'],
    ['a2 c3 bc', '"ü"'],
    ['82 a7 63 6f 6d 70 61 63 74 c3 a6 73 63 68 65 6d 61 00', '{ "compact": true, "schema": 0 }'],
    ['93 01 02 c4 01 ff', "[ 1, 2, h'ff' ]"],
    ['d6 ff 51 4b 67 b0', "-1(h'51 4b 67 b0')"],
    ['de 00 01 01 02', '{ 1: 2 }'],
  ])('%s is %s', (bytes, text) => {
    expect(written(readMessagePack(hex(bytes)))).toBe(text);
  });

  test.each(['', 'c1', 'a2 61', '92 01', '01 02', 'dd ff ff ff ff', '91'.repeat(100)])('%s is none', (bytes) => {
    expect(readMessagePack(hex(bytes))).toBeUndefined();
  });
});

test('no bytes make either of them throw, or find more than there is', () => {
  assert(
    property(uint8Array({ maxLength: 64 }), (bytes) => {
      const texts = [readCbor(bytes), readMessagePack(bytes)].map((found) => (found ? writeValue(found.value) : ''));
      for (const text of texts) expect(text.length).toBeLessThanOrEqual(bytes.length * 400);
    }),
    { numRuns: 5000 },
  );
});
