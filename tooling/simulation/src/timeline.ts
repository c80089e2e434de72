/** Simulated time: what is to happen, in order. What is due at the same moment happens in the order it was asked for. */
interface Entry {
  readonly at: number;
  readonly order: number;
  readonly happen: () => void;
}

export class Timeline {
  readonly #heap: Entry[] = [];
  #now = 0;
  #order = 0;
  #steps = 0;

  /** Milliseconds since the history began. */
  get now(): number {
    return this.#now;
  }

  /** How many things have happened. */
  get steps(): number {
    return this.#steps;
  }

  after(milliseconds: number, happen: () => void): void {
    this.at(this.#now + Math.max(0, milliseconds), happen);
  }

  at(time: number, happen: () => void): void {
    const heap = this.#heap;
    const entry = { at: Math.max(time, this.#now), order: this.#order, happen };
    this.#order += 1;
    let index = heap.push(entry) - 1;
    while (index > 0) {
      const parentIndex = (index - 1) >> 1;
      const parent = heap[parentIndex] as Entry;
      if (isBefore(parent, entry)) break;
      heap[index] = parent;
      index = parentIndex;
    }
    heap[index] = entry;
  }

  /** Lets all happen that is due until `time`; false when `maximumSteps` were not enough. */
  runUntil(time: number, maximumSteps: number): boolean {
    for (;;) {
      const [first] = this.#heap;
      if (first === undefined || first.at > time) break;
      if (this.#steps >= maximumSteps) return false;
      this.#takeFirst();
      this.#now = first.at;
      this.#steps += 1;
      first.happen();
    }
    this.#now = Math.max(this.#now, time);
    return true;
  }

  #takeFirst(): void {
    const heap = this.#heap;
    const last = heap.pop() as Entry;
    if (heap.length === 0) return;
    let index = 0;
    for (;;) {
      let childIndex = index * 2 + 1;
      const left = heap[childIndex];
      const right = heap[childIndex + 1];
      if (left === undefined) break;
      if (right !== undefined && isBefore(right, left)) childIndex += 1;
      const child = heap[childIndex] as Entry;
      if (!isBefore(child, last)) break;
      heap[index] = child;
      index = childIndex;
    }
    heap[index] = last;
  }
}

function isBefore(a: Entry, b: Entry): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order);
}
