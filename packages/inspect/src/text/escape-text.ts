/** Text from the network on its way to a terminal or a page. */

/**
 * Control characters, the ones that turn the direction of writing, invisible ones and halves of surrogate pairs become
 * escapes that can be read, so that no text can move the cursor, hide itself or pass for other text.
 */
export function escapeText(text: string): string {
  return text.replace(DANGEROUS, escapeCharacter);
}

const DANGEROUS = /[\\\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Surrogate}]/gu;

const short: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t', '\\': '\\\\' };

function escapeCharacter(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  const hex = code.toString(16);
  return short[character] ?? (code < 0x100 ? `\\x${hex.padStart(2, '0')}` : `\\u{${hex}}`);
}

/** At most `most` characters, with an ellipsis for the rest. */
export function shorten(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
}
