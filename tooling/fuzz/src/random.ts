/** Chance as the fuzzer wants it: whole numbers, and bytes. */
import { seededRandom } from '@omqtt/testkit';

export class Random {
  readonly #numbers: ReturnType<typeof seededRandom>;

  /** Each seed stands for many sequences, so that a case depends on its number and not on the cases before it. */
  constructor(seed: number, sequence: number) {
    this.#numbers = seededRandom(seed ^ Math.imul(sequence + 1, 0x9e37_79b1));
  }

  /** 0 to `limit` - 1. */
  below(limit: number): number {
    return this.#numbers.int(0, limit - 1);
  }

  isOneIn(count: number): boolean {
    return this.below(count) === 0;
  }

  pick<Item>(items: readonly Item[]): Item {
    return this.#numbers.pick(items);
  }

  bytes(count: number): Uint8Array {
    return Uint8Array.from({ length: count }, () => this.below(256));
  }
}
