/** Numbers that look random and come again for the same seed: a history must be replayable from what was printed. */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed | 0;
  }

  /** One of many sequences that a seed stands for. */
  static for(seed: number, sequence: number): Random {
    const random = new Random(Math.imul(seed, 0x85eb_ca6b) ^ Math.imul(sequence + 1, 0x9e37_79b1));
    random.next();
    return random;
  }

  /** 0 to 4294967295 (mulberry32). */
  next(): number {
    this.#state = (this.#state + 0x6d2b_79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  }

  /** 0 to `limit` - 1. */
  below(limit: number): number {
    return this.next() % limit;
  }

  /** `low` to `high`, both included. */
  between(low: number, high: number): number {
    return low + this.below(high - low + 1);
  }

  /** True so many times in a hundred. */
  percent(share: number): boolean {
    return this.below(100) < share;
  }

  pick<Item>(items: readonly Item[]): Item {
    if (items.length === 0) throw new Error('There is nothing to pick from.');
    return items[this.below(items.length)] as Item;
  }

  /** Picks by weight, so that a table can say how often things happen. */
  weigh<Key extends string>(weights: readonly (readonly [Key, number])[]): Key {
    const total = weights.reduce((sum, [, weight]) => sum + weight, 0);
    let rest = this.below(total);
    for (const [key, weight] of weights) {
      if (rest < weight) return key;
      rest -= weight;
    }
    throw new Error('There is nothing to pick from.');
  }
}
