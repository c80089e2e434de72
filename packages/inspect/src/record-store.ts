/** The last records, by their numbers. Past its bounds whole records go, oldest first, and are counted. */
import type { PacketRecord } from './packet-record.ts';
import { costOfRecord } from './record-cost.ts';

/** Holes at the front are closed when there are so many. */
const LARGEST_GAP = 4096;

export class RecordStore {
  readonly #maximumBytes: number;
  readonly #maximumRecords: number;
  #records: (PacketRecord | undefined)[] = [];
  /** What each of them was counted for. */
  #costs: number[] = [];
  /** Index of the oldest record in `#records`. */
  #start = 0;
  #bytes = 0;
  #dropped = 0;

  constructor({ maximumBytes, maximumRecords }: { readonly maximumBytes: number; readonly maximumRecords: number }) {
    this.#maximumBytes = maximumBytes;
    this.#maximumRecords = Math.max(1, maximumRecords);
  }

  /** How many records there are. */
  get length(): number {
    return this.#records.length - this.#start;
  }

  /** How many went to stay within the bounds. */
  get dropped(): number {
    return this.#dropped;
  }

  /** An estimate of the memory that the records take. */
  get storedBytes(): number {
    return this.#bytes;
  }

  /** Their numbers have to follow each other. */
  add(record: PacketRecord): void {
    const cost = costOfRecord(record);
    this.#records.push(record);
    this.#costs.push(cost);
    this.#bytes += cost;
    this.#keepBounds();
  }

  /** Call it when more was found out of a record that is here already. */
  recount(record: PacketRecord): void {
    const first = this.at(0);
    if (first === undefined) return;
    const index = this.#start + record.number - first.number;
    if (this.#records[index] !== record) return;
    const cost = costOfRecord(record);
    this.#bytes += cost - (this.#costs[index] ?? 0);
    this.#costs[index] = cost;
    this.#keepBounds();
  }

  /** Forgets all of them; they do not count as dropped. */
  clear(): void {
    this.#records = [];
    this.#costs = [];
    this.#start = 0;
    this.#bytes = 0;
  }

  /** The record with this number, unless it went. */
  get(number: number): PacketRecord | undefined {
    const first = this.at(0);
    return first && this.at(number - first.number);
  }

  /** The record at `index`, the oldest being 0. */
  at(index: number): PacketRecord | undefined {
    return index < 0 ? undefined : this.#records[this.#start + index];
  }

  /** A window of records, for a list that shows some rows of many. */
  slice(from: number, to: number): PacketRecord[] {
    const [start, end] = [this.#start + Math.max(0, from), this.#start + Math.max(0, to)];
    return this.#records.slice(start, end) as PacketRecord[];
  }

  *[Symbol.iterator](): Generator<PacketRecord> {
    for (let index = this.#start; index < this.#records.length; index += 1) yield this.#records[index] as PacketRecord;
  }

  #keepBounds(): void {
    while (this.length > 1 && (this.#bytes > this.#maximumBytes || this.length > this.#maximumRecords)) {
      this.#dropOldest();
    }
  }

  #dropOldest(): void {
    this.#bytes -= this.#costs[this.#start] ?? 0;
    this.#records[this.#start] = undefined;
    this.#start += 1;
    this.#dropped += 1;
    if (this.#start < LARGEST_GAP || this.#start * 2 < this.#records.length) return;
    this.#records = this.#records.slice(this.#start);
    this.#costs = this.#costs.slice(this.#start);
    this.#start = 0;
  }
}
