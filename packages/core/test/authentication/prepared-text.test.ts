import { describe, expect, test } from 'vitest';
import { prepareText } from '../../src/authentication/prepared-text.ts';

describe('prepared text', () => {
  // RFC 4013 §3.
  test.each([
    { what: 'a soft hyphen vanishes', text: 'I\u00adX', prepared: 'IX' },
    { what: 'plain text stays', text: 'user', prepared: 'user' },
    { what: 'case stays', text: 'USER', prepared: 'USER' },
    { what: 'a compatibility character is replaced', text: '\u00aa', prepared: 'a' },
    { what: 'a Roman numeral is written out', text: '\u2168', prepared: 'IX' },
  ])('$what, as in the examples of the RFC', ({ text, prepared }) => {
    expect(prepareText(text)).toBe(prepared);
  });

  test('the two ways to write an accent become one', () => {
    expect(prepareText('cafe\u0301')).toBe('caf\u00e9');
  });

  test.each(['\u00a0', '\u1680', '\u2003', '\u200b', '\u202f', '\u3000'])('%j becomes a space', (space) => {
    expect(prepareText(`a${space}b`)).toBe('a b');
  });

  test.each(['\u034f', '\u1806', '\u180b', '\u200c', '\u200d', '\u2060', '\ufe0f', '\ufeff'])(
    '%j vanishes',
    (invisible) => {
      expect(prepareText(`a${invisible}b`)).toBe('ab');
    },
  );

  test.each([
    { what: 'NUL', character: '\0' },
    { what: 'BEL, as in the examples of the RFC', character: '\u0007' },
    { what: 'a line feed', character: '\n' },
    { what: 'a C1 control', character: '\u0085' },
    { what: 'a line separator', character: '\u2028' },
    { what: 'a change of direction', character: '\u202e' },
    { what: 'a private character', character: '\ue000' },
    { what: 'a private character beyond the first plane', character: '\u{10fffd}' },
    { what: 'a non-character', character: '\ufdd0' },
    { what: 'half a surrogate pair', character: '\ud800' },
    { what: 'the replacement character', character: '\ufffd' },
    { what: 'an ideographic description', character: '\u2ff0' },
    { what: 'a language tag', character: '\u{e0001}' },
  ])('$what is refused', ({ character }) => {
    expect(prepareText(`a${character}b`)).toBeUndefined();
  });

  test.each(['', '\u00ad'])('nothing is left of %j, and it is refused', (text) => {
    expect(prepareText(text)).toBeUndefined();
  });

  test('emoji and other scripts are taken', () => {
    expect(prepareText('пароль密码🔑')).toBe('пароль密码🔑');
  });
});
