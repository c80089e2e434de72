/** The records that fulfil a filter, in their order. A slow filter works in slices, so that the desk stays at hand. */
import { compileFilter, type Filter, type FilterProblem, type PacketRecord, type RecordStore } from '@omqtt/inspect';

/** Time that one slice may take, and how many records are looked at before the clock is. */
const SLICE_MS = 20;
const RECORDS_BETWEEN_LOOKS = 1024;

export class RecordList {
  readonly text: string;
  readonly problems: readonly FilterProblem[];
  readonly #matches: NonNullable<Filter['matches']>;
  readonly #records: RecordStore;
  /** Numbers of records; those before `#gone` were dropped by the store. */
  readonly #numbers: number[] = [];
  #gone = 0;
  /** Number of the last record that was looked at. */
  #scanned = 0;

  /** With problems in the text the list lets everything through: whoever asks keeps the list before instead. */
  constructor(text: string, records: RecordStore) {
    const { matches, problems } = compileFilter(text);
    this.text = text;
    this.problems = problems;
    this.#matches = matches ?? ((): boolean => true);
    this.#records = records;
    this.#scanned = (records.at(0)?.number ?? 1) - 1;
  }

  get first(): number {
    return this.#gone;
  }

  get end(): number {
    return this.#numbers.length;
  }

  /** How many of the stored records were looked at. */
  get scanned(): number {
    const oldest = this.#records.at(0)?.number ?? 1;
    return Math.max(0, this.#scanned - oldest + 1);
  }

  get isComplete(): boolean {
    return this.scanned >= this.#records.length;
  }

  /** Looks at records for a while. Says whether any is left. */
  scan(now: () => number = () => performance.now()): boolean {
    const until = now() + SLICE_MS;
    const oldest = this.#records.at(0)?.number ?? 1;
    this.#scanned = Math.max(this.#scanned, oldest - 1);
    for (let looked = 1; ; looked += 1) {
      const record = this.#records.get(this.#scanned + 1);
      if (!record) break;
      this.#scanned += 1;
      if (this.#matches(record)) this.#numbers.push(record.number);
      if (looked % RECORDS_BETWEEN_LOOKS === 0 && now() > until) return true;
    }
    while (this.#gone < this.#numbers.length && (this.#numbers[this.#gone] as number) < oldest) this.#gone += 1;
    return false;
  }

  records(from: number, count: number): PacketRecord[] {
    const numbers = this.#numbers.slice(Math.max(this.first, from), Math.max(0, from + count));
    return numbers.map((number) => this.#records.get(number)).filter((record) => record !== undefined);
  }

  /** Where the record stands; `undefined` when the filter holds it back. */
  positionOf(number: number): number | undefined {
    const at = this.#placeOf(number);
    return this.#numbers[at] === number && at >= this.#gone ? at : undefined;
  }

  /** The next record in a direction that fulfils another filter too. */
  find(from: number, step: 1 | -1, filter: string): { readonly number: number; readonly position: number } | undefined {
    const { matches } = compileFilter(filter);
    if (!matches) return undefined;
    const place = this.#placeOf(from);
    const start = step === -1 ? place - 1 : this.#numbers[place] === from ? place + 1 : place;
    for (let position = start; position >= this.#gone && position < this.end; position += step) {
      const record = this.#records.get(this.#numbers[position] as number);
      if (record && matches(record)) return { number: record.number, position };
    }
    return undefined;
  }

  /** Index of the first number that is not below this one. */
  #placeOf(number: number): number {
    let low = 0;
    let high = this.#numbers.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#numbers[middle] as number) < number) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
