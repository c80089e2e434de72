/** A table for the terminal. */

export interface Column<Row> {
  readonly title: string;
  readonly cell: (row: Row) => string;
  /** Numbers are read from the right. Default: left. */
  readonly align?: 'left' | 'right';
}

/** A title line, a rule, and a line for each row; columns as wide as they need. */
export function formatTable<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): string {
  const printed = columns.map(({ title, cell, align = 'left' }) => {
    const cells = [title, ...rows.map(cell)];
    const width = Math.max(...cells.map((text) => text.length));
    const padded = cells.map((text) => (align === 'right' ? text.padStart(width) : text.padEnd(width)));
    return [padded[0] ?? '', '─'.repeat(width), ...padded.slice(1)];
  });
  const lines = printed[0]?.map((_, line) =>
    printed
      .map((cells) => cells[line])
      .join('  ')
      .trimEnd(),
  );
  return (lines ?? []).join('\n');
}
