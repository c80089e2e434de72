import { EMPTY_LIST } from './on-demand-list.ts';

const SMALLEST = 4;

/**
 * Values under whole numbers that are given out one after the other, and mostly given back in that order: each number has
 * its place in an array that is gone through in turns, which costs a fraction of what a map does. A number whose place is
 * taken, since one before it was not given back for long, is in a map.
 */
export class NumberTable<Value> {
  readonly #numberOf: (value: Value) => number;
  #places: (Value | undefined)[] = EMPTY_LIST;
  #others: Map<number, Value> | undefined;
  #size = 0;
  /** The most there were since the table was empty. */
  #peak = 0;

  /** The number of a value stays while it is in the table. */
  constructor(numberOf: (value: Value) => number) {
    this.#numberOf = numberOf;
  }

  get size(): number {
    return this.#size;
  }

  /** How many numbers can have a place of their own. */
  get places(): number {
    return this.#places.length;
  }

  get(number: number): Value | undefined {
    const value = this.#places[this.#placeOf(number)];
    return value !== undefined && this.#numberOf(value) === number ? value : this.#others?.get(number);
  }

  /** One whose number has no value. */
  add(value: Value): void {
    this.#size += 1;
    if (this.#size > this.#peak) this.#peak = this.#size;
    // Twice as many places as values, so that numbers in a row never meet.
    if (this.#size * 2 > this.#places.length) this.#resize(Math.max(SMALLEST, this.#places.length * 2));
    this.#put(value);
  }

  /** Returns what was there. */
  delete(number: number): Value | undefined {
    const value = this.get(number);
    if (value === undefined) return undefined;
    if (this.#others?.delete(number) !== true) this.#places[this.#placeOf(number)] = undefined;
    this.#size -= 1;
    if (this.#size > 0) return value;
    // Half of the places are given back when a quarter was more than enough, so that bursts which differ by less than half
    // find theirs ready; and in the end all, when there never was more than one value.
    const { length } = this.#places;
    if (this.#peak * 8 <= length || this.#peak === 1) this.#resize(length / 2);
    this.#peak = 0;
    return value;
  }

  /** In no order. */
  values(): Value[] {
    const values = this.#places.filter((value) => value !== undefined);
    return this.#others === undefined ? values : [...values, ...this.#others.values()];
  }

  #placeOf(number: number): number {
    return number & (this.#places.length - 1);
  }

  #put(value: Value): void {
    const number = this.#numberOf(value);
    const place = this.#placeOf(number);
    if (this.#places[place] === undefined) this.#places[place] = value;
    else (this.#others ??= new Map<number, Value>()).set(number, value);
  }

  #resize(length: number): void {
    const values = this.values();
    this.#others = undefined;
    this.#places = length < SMALLEST ? EMPTY_LIST : Array.from<undefined>({ length });
    for (const value of values) this.#put(value);
  }
}
