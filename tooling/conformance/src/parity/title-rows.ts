/** The rows that a title names, and what is wrong with how it names them. */
export interface TitleRows {
  readonly ids: readonly string[];
  readonly faults: readonly string[];
}

const tag = /\s*\[parity\b([^[\]]*)\]?\s*/gi;
const wellFormed = /^ ([A-Z]\d+(?:, [A-Z]\d+)*)$/;

/** Reads `[parity O7, E36]` out of a test's title. */
export function readTitleRows(title: string): TitleRows {
  const ids: string[] = [];
  const faults: string[] = [];
  for (const [whole, content = ''] of title.matchAll(tag)) {
    const list = wellFormed.exec(content)?.[1];
    if (list === undefined || !whole.trim().startsWith('[parity') || !whole.trim().endsWith(']')) {
      faults.push(`${whole.trim()} cannot be read; write [parity O7, E36].`);
    } else ids.push(...list.split(', '));
  }
  return { ids, faults };
}

/** A title as a reader wants it: without `[parity …]` and without the statements of the standard. */
export function withoutTags(title: string): string {
  return title
    .replaceAll(tag, ' ')
    .replaceAll(/\s*\[(?:5\.0|3\.1\.1) [^\]]*\]\s*/g, ' ')
    .trim();
}
