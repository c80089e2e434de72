import { append, EMPTY_LIST } from './on-demand-list.ts';

/**
 * First in, first out, in constant time; the array is cut when half of it is behind. All empty queues share one array,
 * since most of a client's queues are empty most of the time.
 */
export class Queue<Item> {
  #items: Item[] = EMPTY_LIST;
  #head = 0;

  get length(): number {
    return this.#items.length - this.#head;
  }

  get first(): Item | undefined {
    return this.#items[this.#head];
  }

  push(item: Item): void {
    this.#items = append(this.#items, item);
  }

  shift(): Item | undefined {
    if (this.length === 0) return undefined;
    const item = this.#items[this.#head];
    this.#head += 1;
    if (this.length === 0) this.clear();
    else if (this.#head * 2 > this.#items.length) {
      this.#items = this.#items.slice(this.#head);
      this.#head = 0;
    }
    return item;
  }

  /** The item with so many before it. */
  at(index: number): Item | undefined {
    return this.#items[this.#head + index];
  }

  /** Puts the items, in their order, before the first that stands behind them, or at the end. */
  insert(items: readonly Item[], isBehind: (item: Item) => boolean): void {
    if (items.length === 0) return;
    const all = this.toArray();
    const index = all.findIndex(isBehind);
    this.#items = index === -1 ? [...all, ...items] : [...all.slice(0, index), ...items, ...all.slice(index)];
    this.#head = 0;
  }

  /** Puts the items before all others, in their order. */
  putFirst(items: readonly Item[]): void {
    if (items.length === 0) return;
    this.#items = [...items, ...this.toArray()];
    this.#head = 0;
  }

  find(isWanted: (item: Item) => boolean): Item | undefined {
    for (let index = this.#head; index < this.#items.length; index += 1) {
      const item = this.#items[index] as Item;
      if (isWanted(item)) return item;
    }
    return undefined;
  }

  /** Keeps what passes. */
  filter(keep: (item: Item) => boolean): void {
    this.#items = this.toArray().filter(keep);
    this.#head = 0;
  }

  toArray(): Item[] {
    return this.#items.slice(this.#head);
  }

  clear(): void {
    this.#items = EMPTY_LIST;
    this.#head = 0;
  }
}
