/** The bytes that are marked in tree, hex and findings at once. The three know only this. */

export interface ByteRange {
  readonly start: number;
  readonly end: number;
  /** Of the field that was chosen; missing when bytes were. */
  readonly path?: string;
}

export class RangeLink {
  #range: ByteRange | undefined;
  readonly #listeners: ((range: ByteRange | undefined) => void)[] = [];

  get range(): ByteRange | undefined {
    return this.#range;
  }

  /** Whoever is told may set nothing. */
  on(listener: (range: ByteRange | undefined) => void): void {
    this.#listeners.push(listener);
  }

  mark(range: ByteRange | undefined): void {
    this.#range = range;
    for (const listener of this.#listeners) listener(range);
  }
}
