/** The records that fulfil a filter, as a list with positions. Kept up to date in slices, so that a slow filter holds nobody. */
import type { PacketRecord, RecordStore } from '@omqtt/inspect';

type Test = (record: PacketRecord) => boolean;

/** The clock is looked at after so many records. */
const STRIDE = 256;

export class RecordView {
  readonly #records: RecordStore;
  /** Without one everything is in the list, and positions follow from numbers. */
  readonly #test: Test | undefined;
  /** Of the records in the list, ascending. */
  #numbers: number[] = [];
  /** Index in `#numbers` of the first that is still stored. */
  #start = 0;
  /** Position of `#numbers[0]`. */
  #offset = 0;
  /** Number of the last record that was looked at. */
  #seen = 0;
  /** Number of the record at position 0, without a test; `undefined` before the first record. */
  #base: number | undefined;

  constructor(records: RecordStore, test: Test | undefined) {
    this.#records = records;
    this.#test = test;
    this.#base = records.at(0)?.number;
    this.#seen = (this.#base ?? 1) - 1;
  }

  get first(): number {
    if (!this.#test) return Math.max(0, this.#firstStored - this.#zero);
    return this.#offset + this.#start;
  }

  /** Behind the last position. */
  get end(): number {
    return this.#test ? this.#offset + this.#numbers.length : Math.max(0, this.#seen + 1 - this.#zero);
  }

  /** How many of the stored records the filter has looked at. */
  get scanned(): number {
    return Math.max(0, this.#seen + 1 - this.#firstStored);
  }

  /** Whether the filter has looked at it. */
  hasSeen(number: number): boolean {
    return number <= this.#seen;
  }

  get isComplete(): boolean {
    return this.#seen >= this.#last;
  }

  /** Goes on looking, up to the record with the number `most`; false when the time was too short. */
  advance(isTimeUp: () => boolean, most: number = Infinity): boolean {
    this.#base ??= this.#records.at(0)?.number;
    this.#forgetDropped();
    const last = Math.min(most, this.#last);
    if (!this.#test) {
      this.#seen = Math.max(this.#seen, last);
      return true;
    }
    this.#seen = Math.max(this.#seen, this.#firstStored - 1);
    while (this.#seen < last) {
      this.#seen += 1;
      const record = this.#records.get(this.#seen);
      if (record && this.#test(record)) this.#numbers.push(this.#seen);
      if (this.#seen % STRIDE === 0 && isTimeUp()) return false;
    }
    return true;
  }

  /** Looks again at records of which more is known now; true when the list is another one. */
  reconsider(changed: readonly PacketRecord[]): boolean {
    if (!this.#test) return false;
    let isOther = false;
    for (const record of changed) {
      const { number } = record;
      if (number > this.#seen) continue;
      const index = this.#indexOf(number);
      const isIn = this.#numbers[index] === number;
      if (this.#test(record) === isIn) continue;
      this.#numbers.splice(index, isIn ? 1 : 0, ...(isIn ? [] : [number]));
      isOther = true;
    }
    return isOther;
  }

  /** The record at a position. */
  at(position: number): PacketRecord | undefined {
    if (!this.#test) return this.#records.get(this.#zero + position);
    const number = this.#numbers[position - this.#offset];
    return number === undefined ? undefined : this.#records.get(number);
  }

  /** Where a record stands; `undefined` when it is not in the list. */
  positionOf(number: number): number | undefined {
    if (number < this.#firstStored || number > this.#seen) return undefined;
    if (!this.#test) return number - this.#zero;
    const index = this.#indexOf(number);
    return this.#numbers[index] === number ? this.#offset + index : undefined;
  }

  /** The position of the first record in the list whose number is `number` or more. */
  positionFrom(number: number): number {
    if (!this.#test) return Math.max(this.first, number - this.#zero);
    return this.#offset + this.#indexOf(number);
  }

  get #zero(): number {
    return this.#base ?? this.#seen + 1;
  }

  get #firstStored(): number {
    return this.#records.at(0)?.number ?? this.#zero;
  }

  get #last(): number {
    return this.#records.at(this.#records.length - 1)?.number ?? this.#zero - 1;
  }

  /** Index of the first number that is not smaller. */
  #indexOf(number: number): number {
    let [low, high] = [this.#start, this.#numbers.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#numbers[middle] as number) < number) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #forgetDropped(): void {
    const first = this.#firstStored;
    while (this.#start < this.#numbers.length && (this.#numbers[this.#start] as number) < first) this.#start += 1;
    // Not at once each time, because the rest has to move.
    if (this.#start < 4096 || this.#start * 2 < this.#numbers.length) return;
    this.#numbers = this.#numbers.slice(this.#start);
    this.#offset += this.#start;
    this.#start = 0;
  }
}
