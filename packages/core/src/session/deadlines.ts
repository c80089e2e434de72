import { append, EMPTY_LIST } from './on-demand-list.ts';

/** Things that are due at a time, the earliest first: a binary heap. */
export class Deadlines<Item> {
  #heap: { readonly at: number; readonly item: Item }[] = EMPTY_LIST;

  /** Infinity when nothing is due. */
  get next(): number {
    return this.#heap[0]?.at ?? Infinity;
  }

  get size(): number {
    return this.#heap.length;
  }

  add(at: number, item: Item): void {
    const entry = { at, item };
    const heap = append(this.#heap, entry);
    this.#heap = heap;
    let index = heap.length - 1;
    while (index > 0) {
      const parentIndex = (index - 1) >> 1;
      const parent = heap[parentIndex];
      if (parent === undefined || parent.at <= at) break;
      heap[index] = parent;
      index = parentIndex;
    }
    heap[index] = entry;
  }

  /** Takes out the earliest item if it is due at `now`. */
  takeDue(now: number): Item | undefined {
    const [first] = this.#heap;
    if (first === undefined || first.at > now) return undefined;
    const last = this.#heap.pop();
    if (last !== undefined && this.#heap.length > 0) this.#sink(last);
    return first.item;
  }

  /** Keeps what passes. */
  filter(keep: (item: Item) => boolean): void {
    // What is sorted is a heap.
    this.#heap = this.#heap.filter(({ item }) => keep(item)).toSorted((one, other) => one.at - other.at);
  }

  #sink(entry: { readonly at: number; readonly item: Item }): void {
    const heap = this.#heap;
    let index = 0;
    for (;;) {
      let childIndex = index * 2 + 1;
      const left = heap[childIndex];
      const right = heap[childIndex + 1];
      if (left === undefined) break;
      if (right !== undefined && right.at < left.at) childIndex += 1;
      const child = right !== undefined && right.at < left.at ? right : left;
      if (child.at >= entry.at) break;
      heap[index] = child;
      index = childIndex;
    }
    heap[index] = entry;
  }
}
