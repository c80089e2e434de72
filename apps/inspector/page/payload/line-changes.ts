/** What changed from one text to another, line by line. */

export interface LineChange {
  readonly kind: 'same' | 'gone' | 'new';
  readonly line: string;
}

/** The work grows with the product of both. */
const MOST_LINES = 500;

/** The fewest lines that tell the difference; of longer texts the beginning, and `isCut`. */
export function lineChanges(
  before: string,
  after: string,
): { readonly changes: readonly LineChange[]; readonly isCut: boolean } {
  const [old, fresh] = [before.split('\n'), after.split('\n')];
  const isCut = old.length > MOST_LINES || fresh.length > MOST_LINES;
  return { changes: changesOf(old.slice(0, MOST_LINES), fresh.slice(0, MOST_LINES)), isCut };
}

function changesOf(old: readonly string[], fresh: readonly string[]): LineChange[] {
  const common = commonLengths(old, fresh);
  const width = fresh.length + 1;
  const changes: LineChange[] = [];
  let [at, next] = [0, 0];
  while (at < old.length || next < fresh.length) {
    const [gone, added] = [old[at], fresh[next]];
    if (gone !== undefined && gone === added) {
      changes.push({ kind: 'same', line: gone });
      at += 1;
      next += 1;
      continue;
    }
    const withoutGone = common[(at + 1) * width + next] ?? -1;
    const withoutNew = common[at * width + next + 1] ?? -1;
    if (gone !== undefined && (added === undefined || withoutGone >= withoutNew)) {
      changes.push({ kind: 'gone', line: gone });
      at += 1;
    } else {
      changes.push({ kind: 'new', line: added ?? '' });
      next += 1;
    }
  }
  return changes;
}

/** For each pair of places, how many lines behind them both have, in their order. */
function commonLengths(old: readonly string[], fresh: readonly string[]): Uint16Array {
  const width = fresh.length + 1;
  const lengths = new Uint16Array((old.length + 1) * width);
  for (let at = old.length - 1; at >= 0; at -= 1) {
    for (let next = fresh.length - 1; next >= 0; next -= 1) {
      const here = at * width + next;
      lengths[here] =
        old[at] === fresh[next]
          ? (lengths[here + width + 1] ?? 0) + 1
          : Math.max(lengths[here + width] ?? 0, lengths[here + 1] ?? 0);
    }
  }
  return lengths;
}
