/** Chance that can be repeated: the same seed gives the same sequence in every runtime. */
export interface Random {
  /** From 0 to below 1. */
  next(): number;
  /** A whole number, both ends included. */
  int(minimum: number, maximum: number): number;
  /** One of the list, which must not be empty. */
  pick<Item>(list: readonly Item[]): Item;
  /** True with this probability. Default: 0.5. */
  bool(probability?: number): boolean;
}

/** `seed` is a whole number; only its lower 32 bits count. */
export function seededRandom(seed: number): Random {
  return new Mulberry32(seed);
}

/** Mulberry32: 32 bits of state, good enough to choose test cases with, and short. */
class Mulberry32 implements Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = this.#state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000;
  }

  int(minimum: number, maximum: number): number {
    if (!(minimum <= maximum)) throw new RangeError(`There is no whole number from ${minimum} to ${maximum}`);
    return minimum + Math.floor(this.next() * (maximum - minimum + 1));
  }

  pick<Item>(list: readonly Item[]): Item {
    if (list.length === 0) throw new RangeError('Nothing can be picked from an empty list');
    return list[this.int(0, list.length - 1)] as Item;
  }

  bool(probability = 0.5): boolean {
    return this.next() < probability;
  }
}
