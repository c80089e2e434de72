/** The packets that a reader has marked, with comments: kept by the page, for as long as the tab lives. */

/** They become part of a filter, which may not be longer than a server takes. */
const MOST_MARKS = 200;
const LONGEST_COMMENT = 500;
const KEY = 'omqtt-inspector-marks';

export interface Mark {
  readonly number: number;
  /** Time of the packet: a number means another packet after the inspector was started anew. */
  readonly at: number;
  readonly comment: string;
}

export class Marks {
  #marks: ReadonlyMap<number, Mark> = new Map();
  #isKept = false;

  /** In the order of the packets. */
  get all(): readonly Mark[] {
    return [...this.#marks.values()].toSorted((one, other) => one.number - other.number);
  }

  get numbers(): readonly number[] {
    return this.all.map(({ number }) => number);
  }

  of(row: Pick<Mark, 'number' | 'at'>): Mark | undefined {
    const mark = this.#marks.get(row.number);
    return mark?.at === row.at ? mark : undefined;
  }

  /** False when there are too many. */
  set({ number, at }: Pick<Mark, 'number' | 'at'>, comment: string): boolean {
    if (!this.#marks.has(number) && this.#marks.size >= MOST_MARKS) return false;
    const mark = { number, at, comment: comment.slice(0, LONGEST_COMMENT) };
    this.#become(new Map([...this.#marks, [number, mark]]));
    return true;
  }

  /** Those that came with a file. */
  add(marks: readonly Mark[]): void {
    const added = marks
      .slice(0, MOST_MARKS - this.#marks.size)
      .map((mark) => [mark.number, { ...mark, comment: mark.comment.slice(0, LONGEST_COMMENT) }] as const);
    this.#become(new Map([...this.#marks, ...added]));
  }

  remove(number: number): void {
    this.#become(new Map([...this.#marks].filter(([each]) => each !== number)));
  }

  /** Those of another capture mean nothing here; a live one finds its own again after the page was loaded anew. */
  turnTo(kind: 'live' | 'file'): void {
    this.#isKept = kind === 'live';
    this.#marks = this.#isKept ? readKept() : new Map();
  }

  #become(marks: ReadonlyMap<number, Mark>): void {
    this.#marks = marks;
    if (!this.#isKept) return;
    try {
      sessionStorage.setItem(KEY, JSON.stringify(this.all));
    } catch {
      // A browser that keeps nothing still marks.
    }
  }
}

function readKept(): ReadonlyMap<number, Mark> {
  try {
    const kept = JSON.parse(sessionStorage.getItem(KEY) ?? '[]') as readonly Mark[];
    return new Map(kept.slice(0, MOST_MARKS).map((mark) => [mark.number, mark]));
  } catch {
    return new Map();
  }
}
