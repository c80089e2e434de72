/**
 * User names and passwords in the one form that both sides compute with: SASLprep (RFC 4013), with less.
 *
 * As there: spaces of any width become U+0020, characters without a look (soft hyphen, joiners, variation selectors)
 * vanish, the rest is normalised with NFKC, and whatever RFC 4013 §2.3 prohibits is refused.
 * Other than there: the Unicode version is that of the runtime instead of 3.2, characters that 3.2 did not know are
 * taken, format characters that came later are refused too, and text that mixes both writing directions is taken.
 */
export function prepareText(text: string): string | undefined {
  const prepared = text
    // RFC 3454 C.1.2: U+200B counts as a space here.
    .replace(/[\p{Zs}\u200b]/gu, ' ')
    // RFC 3454 B.1.
    .replace(/\u00ad|\u034f|\u1806|[\u180b-\u180d]|\u200c|\u200d|\u2060|[\ufe00-\ufe0f]|\ufeff/gu, '')
    .normalize('NFKC');
  return prepared === '' || prohibited().test(prepared) ? undefined : prepared;
}

/** RFC 3454 C.2 to C.9, by property: control, format, private use, surrogates, non-characters, … */
function prohibited(): RegExp {
  return /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}\p{Noncharacter_Code_Point}\u2ff0-\u2ffb\ufffc\ufffd]/u;
}
