/** How the tables of rules are written: a line for each. */

export type Severity = 'error' | 'warning' | 'note';

/**
 * Severity, ids in 5.0, ids in 3.1.1, what is wrong, what to do. An id is a number such as `3.3.1-4`; `§2.2.2` is a
 * section where the standard has no number, and `H-ACK` is a heuristic of ours. The first is the id of the finding, and
 * the ones behind it are broken with it.
 */
export type RuleRow = `${Severity} | ${string} | ${string} | ${string} | ${string}`;

type Parts = readonly [severity: Severity, ids5: string, ids311: string, message: string, fix: string];

export function partsOf(row: RuleRow): Parts {
  // The type of the row says that there are five.
  return row.split(' | ') as unknown as Parts;
}
