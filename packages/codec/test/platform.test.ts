import { describe, expect, test } from 'vitest';

import * as fast from '../src/platform.node.ts';
import * as small from '../src/platform.ts';

const forms = { 'for Node': fast, 'for browsers': small };

/** One before and one behind, to see that the indices are kept to. */
function decoded({ decodeUtf8 }: typeof small, bytes: readonly number[]): string {
  return decodeUtf8(Uint8Array.of(0x78, ...bytes, 0x79), 1, 1 + bytes.length);
}

describe.each(Object.entries(forms))('the form %s', (_name, form) => {
  test.each(['', 'a', 'é', '€', '😀', '\ufeffa', '\ufffd', 'é\ufffd', '\uffff'])('reads %j', (text) => {
    expect(decoded(form, [...new TextEncoder().encode(text)])).toBe(text);
  });

  test.each([
    ['a byte that only continues', [0x80]],
    ['a byte that is in no text', [0xff]],
    ['a character cut short', [0x61, 0xe2, 0x82]],
    ['an overlong slash', [0xc0, 0xaf]],
    ['an overlong euro sign', [0xf0, 0x82, 0x82, 0xac]],
    ['a surrogate', [0xed, 0xa0, 0x80]],
    ['a pair of surrogates', [0xed, 0xa0, 0xbd, 0xed, 0xb8, 0x80]],
    ['more than U+10FFFF', [0xf4, 0x90, 0x80, 0x80]],
    ['U+FFFD before an ill-formed byte', [0xef, 0xbf, 0xbd, 0xff]],
  ])('refuses %s', (_what, bytes) => {
    expect(() => decoded(form, bytes)).toThrow(TypeError);
  });

  test('writes as many bytes as it says', () => {
    const bytes = new Uint8Array(5);
    expect(form.encodeUtf8('a€', bytes)).toBe(4);
    expect([...bytes]).toEqual([0x61, 0xe2, 0x82, 0xac, 0x00]);
  });
});
