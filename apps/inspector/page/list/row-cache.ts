/** The rows that came, by their position in the list. Only those around the window are kept. */
import type { Row } from '../../src/api/row.ts';

const MOST_ROWS = 4000;

export class RowCache {
  /** Of the list that the rows belong to. */
  view = -1;
  readonly #rows = new Map<number, Row>();

  get(position: number): Row | undefined {
    return this.#rows.get(position);
  }

  /** Forgets the rows of the list before. Says whether there is another list now. */
  turnTo(view: number): boolean {
    if (view === this.view) return false;
    this.view = view;
    this.#rows.clear();
    return true;
  }

  put({ view, from, rows }: { readonly view: number; readonly from: number; readonly rows: readonly Row[] }): void {
    if (view < this.view) return;
    this.turnTo(view);
    for (const [index, row] of rows.entries()) {
      // Again at the end, so that the ones that were not heard of for longest are the first to go.
      this.#rows.delete(from + index);
      this.#rows.set(from + index, row);
    }
    for (const oldest of this.#rows.keys()) {
      if (this.#rows.size <= MOST_ROWS) break;
      this.#rows.delete(oldest);
    }
  }

  /** Where the record stands, when its row is here. */
  positionOf(number: number): number | undefined {
    for (const [position, row] of this.#rows) if (row.number === number) return position;
    return undefined;
  }

  clear(): void {
    this.#rows.clear();
    this.view = -1;
  }
}
