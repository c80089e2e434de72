/** One line of the list: its cells are made once, and filled with whatever row comes into sight. */
import type { Row } from '../../src/api/row.ts';
import { element, setAttribute, setText } from '../dom/element.ts';
import type { SavedFilter } from '../filter/saved-filters.ts';
import type { Column, RowContext } from './columns.ts';

export interface LineContext extends RowContext {
  readonly row: Row | undefined;
  /** Position of the oldest row of the list. */
  readonly first: number;
  readonly selected: number | undefined;
  readonly cursor: number | undefined;
  /** The rule that colours it. */
  readonly rule: SavedFilter | undefined;
}

export class ListRow {
  readonly root: HTMLElement;
  position: number | undefined;
  isActive = false;
  readonly #columns: readonly Column[];
  readonly #cells: readonly HTMLElement[];

  constructor(columns: readonly Column[]) {
    this.#columns = columns;
    this.#cells = columns.map(({ name }, index) =>
      element('span', { role: 'gridcell', class: `cell cell-${name}`, 'aria-colindex': index + 1 }),
    );
    this.root = element('div', { role: 'row', class: 'list-row' }, ...this.#cells);
  }

  /** `undefined` for a line behind the end of the list. */
  fill(position: number | undefined, context: LineContext): void {
    this.position = position;
    this.root.hidden = position === undefined;
    this.isActive = false;
    if (position === undefined) {
      this.root.removeAttribute('id');
      this.root.removeAttribute('data-colour');
      return;
    }
    const { row, first, selected, cursor } = context;
    const isSelected = row !== undefined && row.number === selected;
    this.isActive = isSelected || position === cursor;
    this.root.id = `row-${position}`;
    // The head of the grid is row 1.
    setAttribute(this.root, 'aria-rowindex', String(position - first + 2));
    setAttribute(this.root, 'aria-selected', String(isSelected));
    setAttribute(this.root, 'data-direction', row?.direction);
    setAttribute(this.root, 'data-severity', row?.severity);
    const { exchanges, mark } = context;
    setAttribute(this.root, 'data-pair', (exchanges?.request ?? row?.pair)?.status);
    setAttribute(this.root, 'data-marked', mark && 'true');
    setAttribute(this.root, 'data-colour', context.rule?.colour);
    // Never the colour alone.
    setAttribute(this.root, 'title', context.rule?.name);
    for (const [index, column] of this.#columns.entries()) {
      const cell = this.#cells[index] as HTMLElement;
      setText(cell, row ? column.text(row, context) : '');
      if (column.spoken) setAttribute(cell, 'aria-label', row && column.spoken(row, context));
    }
  }
}
