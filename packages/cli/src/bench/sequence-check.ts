/** Which numbers of a publisher came, and which came twice: a bit for each. */

/** 16 MiB of bits for each publisher that a receiver hears; what is beyond is counted, but not checked. */
const MOST_NUMBERS = 2 ** 27;

export class SequenceCheck {
  #bits = new Uint8Array(128);
  #unique = 0;
  #duplicates = 0;
  #first = Infinity;
  #last = -1;

  add(number: number): void {
    this.#first = Math.min(this.#first, number);
    this.#last = Math.max(this.#last, number);
    if (number >= MOST_NUMBERS) {
      this.#unique += 1;
      return;
    }
    const [index, bit] = [number >>> 3, 1 << (number & 7)];
    if (index >= this.#bits.length) this.#grow(index);
    const before = this.#bits[index] ?? 0;
    if ((before & bit) === 0) this.#unique += 1;
    else this.#duplicates += 1;
    this.#bits[index] = before | bit;
  }

  get unique(): number {
    return this.#unique;
  }

  get duplicates(): number {
    return this.#duplicates;
  }

  /** Between the first and the last one that came: what was before and after is unknown. */
  get gaps(): number {
    return this.#last < 0 ? 0 : this.#last - this.#first + 1 - this.#unique;
  }

  #grow(index: number): void {
    const larger = new Uint8Array(Math.max(index + 1, this.#bits.length * 2));
    larger.set(this.#bits);
    this.#bits = larger;
  }
}
