import { describe, expect, test } from 'vitest';
import { fromBase64, toBase64 } from '../../src/authentication/base64.ts';

describe('base64', () => {
  test.each([
    { bytes: [], text: '' },
    { bytes: [0x00], text: 'AA==' },
    { bytes: [0xfb, 0xff], text: '+/8=' },
    { bytes: [0xfb, 0xff, 0xbf], text: '+/+/' },
  ])('$text is read and written', ({ bytes, text }) => {
    expect(toBase64(Uint8Array.from(bytes))).toBe(text);
    expect(fromBase64(text)).toEqual(Uint8Array.from(bytes));
  });

  test.each([
    { what: 'without its padding', text: 'AA' },
    { what: 'with a space', text: 'AA ==' },
    { what: 'with bits that belong to no byte', text: 'AB==' },
    { what: 'of the alphabet for URLs', text: '-_8=' },
    { what: 'with padding in the middle', text: 'AA==AAAA' },
    { what: 'outside ASCII', text: 'ÄÄÄÄ' },
  ])('text $what is not base64', ({ text }) => {
    expect(fromBase64(text)).toBeUndefined();
  });
});
