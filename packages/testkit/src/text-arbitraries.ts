/** UTF-8 strings that MQTT allows: up to 65535 bytes, without U+0000 and without lone surrogates. */
import * as fc from 'fast-check';

const LONGEST_BYTES = 65_535;

/** Any text that fits into a packet: empty, astral, with a leading U+FEFF, and rarely as long as it may be. */
export function texts(): fc.Arbitrary<string> {
  return fc.oneof(
    { weight: 198, arbitrary: shortTexts() },
    { weight: 1, arbitrary: fc.constantFrom(...lengthsAroundOneByte) },
    { weight: 1, arbitrary: longestTexts() },
  );
}

/** Texts of which several fit into 65535 bytes. */
export function shortTexts(): fc.Arbitrary<string> {
  return fc.oneof(
    { weight: 4, arbitrary: asciiTexts() },
    { weight: 3, arbitrary: unicodeTexts() },
    { weight: 1, arbitrary: fc.constant('') },
    { weight: 1, arbitrary: unicodeTexts().map((text) => `\uFEFF${text}`) },
    { weight: 1, arbitrary: fc.constantFrom(...remarkable) },
  );
}

function asciiTexts(): fc.Arbitrary<string> {
  return fc.string({ unit: 'grapheme-ascii', maxLength: 24 });
}

// Control characters and non-characters may be refused by a receiver, but a sender may send them.
function unicodeTexts(): fc.Arbitrary<string> {
  return fc.string({ unit: 'binary', maxLength: 16 }).map((text) => text.replaceAll('\0', '\u0001'));
}

/** Where the number of bytes of a character changes, and what decoders like to lose or replace. */
const remarkable = [
  '\u0001',
  '\u007F\u0080',
  '\u07FF\u0800',
  '\uD7FF\uE000',
  '\uFFFD',
  '\uFFFE\uFFFF',
  '\u{10000}',
  '\u{10FFFF}',
  'e\u0301\u00E9',
  '𝄞😀',
  '\uFEFF',
  '\uFEFF\uFEFF',
  '$SYS/a',
  '__proto__',
] as const;

const lengthsAroundOneByte = [127, 128, 129, 255, 256].map((length) => 'a'.repeat(length));

/** Exactly 65535 bytes, of characters of one to four bytes. */
function longestTexts(): fc.Arbitrary<string> {
  return fc.constantFrom(...bytesOfCharacter).map(([character, bytes]) => {
    const rest = LONGEST_BYTES % bytes;
    return 'x'.repeat(rest) + character.repeat((LONGEST_BYTES - rest) / bytes);
  });
}

const bytesOfCharacter: readonly (readonly [character: string, bytes: number])[] = [
  ['a', 1],
  ['é', 2],
  ['€', 3],
  ['𝄞', 4],
];
