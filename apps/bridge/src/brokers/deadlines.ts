/**
 * Deadlines of many: those with the same patience are due in the order in which they came, so each kind of patience needs
 * one timer, and to come and to leave is a change of two links.
 */

/** What has a deadline; the links belong to the list. */
export interface Dated {
  dueAt: number;
  earlier: Dated | undefined;
  later: Dated | undefined;
  list: DeadlineList | undefined;
}

export class Deadlines {
  readonly #expire: (item: Dated) => void;
  readonly #lists = new Map<number, DeadlineList>();

  constructor(expire: (item: Dated) => void) {
    this.#expire = expire;
  }

  add(item: Dated, timeoutMs: number, now: number): void {
    let list = this.#lists.get(timeoutMs);
    if (list === undefined) {
      list = new DeadlineList(this.#expire, () => this.#lists.delete(timeoutMs));
      this.#lists.set(timeoutMs, list);
    }
    list.append(item, now + timeoutMs, now);
  }
}

/** All of one patience. It is gone when it is empty. */
export class DeadlineList {
  readonly #expire: (item: Dated) => void;
  readonly #whenEmpty: () => void;
  #first: Dated | undefined;
  #last: Dated | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(expire: (item: Dated) => void, whenEmpty: () => void) {
    this.#expire = expire;
    this.#whenEmpty = whenEmpty;
  }

  /** The links are the list's: an entry for each would cost what this saves. */
  append(item: Dated, dueAt: number, now: number): void {
    item.dueAt = dueAt;
    item.list = this;
    item.earlier = this.#last;
    item.later = undefined;
    if (this.#last === undefined) this.#first = item;
    else this.#last.later = item;
    this.#last = item;
    this.#timer ??= setTimeout(this.#check, dueAt - now);
  }

  remove(item: Dated): void {
    if (item.list !== this) return;
    const { earlier, later } = item;
    if (earlier === undefined) this.#first = later;
    else earlier.later = later;
    if (later === undefined) this.#last = earlier;
    else later.earlier = earlier;
    item.list = undefined;
    item.earlier = undefined;
    item.later = undefined;
    if (this.#first === undefined) this.#end();
  }

  readonly #check = (): void => {
    this.#timer = undefined;
    const now = performance.now();
    // A timer may be early by a part of a millisecond.
    while (this.#first !== undefined && this.#first.dueAt <= now + 1) {
      const item = this.#first;
      this.remove(item);
      this.#expire(item);
    }
    if (this.#first !== undefined) this.#timer ??= setTimeout(this.#check, this.#first.dueAt - now);
  };

  #end(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#whenEmpty();
  }
}
