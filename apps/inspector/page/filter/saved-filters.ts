/** The filters that a reader saved, and colours for what they let through: a rule needs no more than both. */

export const colours = ['red', 'amber', 'green', 'blue', 'violet'] as const;
export type Colour = (typeof colours)[number];

export interface SavedFilter {
  readonly name: string;
  readonly filter: string;
  /** Of the rows that it lets through, in any list. */
  readonly colour: Colour | undefined;
}

const MOST_SAVED = 50;
const LONGEST_NAME = 100;
const LONGEST_FILTER = 2000;

/** As they were kept, whoever wrote it there. */
export function savedFiltersIn(kept: unknown): readonly SavedFilter[] {
  if (!Array.isArray(kept)) return [];
  return kept.slice(0, MOST_SAVED).flatMap((each: unknown) => {
    const { name, filter, colour } = (each ?? {}) as Readonly<Record<string, unknown>>;
    if (typeof name !== 'string' || typeof filter !== 'string') return [];
    return [
      savedFilter(
        name,
        filter,
        colours.find((known) => known === colour),
      ),
    ];
  });
}

export function savedFilter(name: string, filter: string, colour: Colour | undefined): SavedFilter {
  return { name: name.slice(0, LONGEST_NAME), filter: filter.slice(0, LONGEST_FILTER), colour };
}

/** The same name twice is the later one; without room the oldest goes. */
export function withSaved(saved: readonly SavedFilter[], added: SavedFilter): readonly SavedFilter[] {
  return [...saved.filter(({ name }) => name !== added.name), added].slice(-MOST_SAVED);
}

export function coloured(saved: readonly SavedFilter[]): readonly SavedFilter[] {
  return saved.filter(({ colour }) => colour !== undefined);
}
