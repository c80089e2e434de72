/**
 * The last records, by their numbers. The newest are objects, because all look at them; the others stand in blocks and
 * are made anew for whoever asks. Past its bounds whole records go, oldest first, and are counted.
 */
import type { PacketRecord } from './packet-record.ts';
import { RecordBlock } from './record-block.ts';
import { costOfRecord } from './record-cost.ts';
import type { StoredRecord } from './stored-record.ts';

/** Few stay objects, as packets weigh more than their bytes. */
const MOST_FRESH = 512;
const MOST_FRESH_BYTES = 65_536;

/** Keeps records up to a limit, and lets the oldest go. */
export class RecordStore {
  readonly #maximumBytes: number;
  readonly #maximumRecords: number;
  #blocks: RecordBlock[] = [];
  /** Objects, by their numbers modulo `MOST_FRESH`, and what each was counted for. */
  readonly #fresh: (StoredRecord | undefined)[] = Array.from({ length: MOST_FRESH });
  readonly #freshCosts = new Float64Array(MOST_FRESH);
  #freshBytes = 0;
  /** Numbers of the oldest record, of the oldest that is an object, and of the next that comes. */
  #first = 1;
  #firstFresh = 1;
  #next = 1;
  #bytes = 0;
  #dropped = 0;

  constructor({ maximumBytes, maximumRecords }: { readonly maximumBytes: number; readonly maximumRecords: number }) {
    this.#maximumBytes = maximumBytes;
    this.#maximumRecords = Math.max(1, maximumRecords);
  }

  /** How many records there are. */
  get length(): number {
    return this.#next - this.#first;
  }

  /** How many went to stay within the bounds. */
  get dropped(): number {
    return this.#dropped;
  }

  /** An estimate of the memory that the records take. */
  get storedBytes(): number {
    return this.#bytes;
  }

  /** That of the bytes of the oldest record. */
  get oldestBuffer(): ArrayBufferLike | undefined {
    const number = this.#first;
    if (this.length === 0) return undefined;
    if (number >= this.#firstFresh) return this.#fresh[number % MOST_FRESH]?.bytes.buffer;
    return this.#blockOf(number).bufferOf(number);
  }

  /** Their numbers have to follow each other. */
  add(record: StoredRecord): void {
    if (this.length === 0) this.#first = this.#firstFresh = record.number;
    const slot = record.number % MOST_FRESH;
    if (record.number - this.#firstFresh === MOST_FRESH) this.#settle();
    this.#next = record.number + 1;
    this.#fresh[slot] = record;
    this.#freshBytes += record.bytes.length;
    this.#bytes += this.#freshCosts[slot] = costOfRecord(record);
    while (this.#freshBytes > MOST_FRESH_BYTES && this.#firstFresh < record.number) this.#settle();
    this.#keepBounds();
  }

  /** Call it when more was found out of a record that is here already. */
  recount(record: PacketRecord): void {
    const { number } = record;
    if (number < this.#first || number >= this.#next) return;
    const cost = costOfRecord(record);
    if (number >= this.#firstFresh) {
      this.#bytes += cost - (this.#freshCosts[number % MOST_FRESH] as number);
      this.#freshCosts[number % MOST_FRESH] = cost;
    } else {
      const block = this.#blockOf(number);
      this.#bytes += cost - block.costOf(number);
      block.put(record, cost);
    }
    this.#keepBounds();
  }

  /** Forgets all of them; they do not count as dropped. */
  clear(): void {
    this.#blocks = [];
    this.#fresh.fill(undefined);
    this.#freshBytes = 0;
    this.#first = this.#firstFresh = this.#next;
    this.#bytes = 0;
  }

  /** The record with this number, unless it went. */
  get(number: number): PacketRecord | undefined {
    if (!(number >= this.#first && number < this.#next)) return undefined;
    return number >= this.#firstFresh ? this.#fresh[number % MOST_FRESH] : this.#blockOf(number).get(number);
  }

  /** The record at `index`, the oldest being 0. */
  at(index: number): PacketRecord | undefined {
    return this.get(this.#first + index);
  }

  /** A window of records, for a list that shows some rows of many. */
  slice(from: number, to: number): PacketRecord[] {
    const start = this.#first + Math.max(0, from);
    const end = Math.min(this.#next, this.#first + Math.max(0, to));
    return Array.from({ length: Math.max(0, end - start) }, (_, index) => this.get(start + index) as PacketRecord);
  }

  /** Those that were there when it began; what is dropped meanwhile is left out. */
  *[Symbol.iterator](): Generator<PacketRecord> {
    const end = this.#next;
    let number = this.#first;
    while (number < end) {
      const record = this.get(number);
      if (record) yield record;
      number = Math.max(number + 1, this.#first);
    }
  }

  /** The block of a record that is no object any more. */
  #blockOf(number: number): RecordBlock {
    let [low, high] = [0, this.#blocks.length - 1];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#blocks[middle] as RecordBlock).end <= number) low = middle + 1;
      else high = middle;
    }
    return this.#blocks[low] as RecordBlock;
  }

  /** Puts the oldest object into a block. */
  #settle(): void {
    const number = this.#firstFresh;
    const slot = number % MOST_FRESH;
    const record = this.#fresh[slot] as StoredRecord;
    this.#fresh[slot] = undefined;
    this.#firstFresh += 1;
    this.#freshBytes -= record.bytes.length;
    let block = this.#blocks.at(-1);
    if (block === undefined || block.isFull) {
      block = new RecordBlock(number);
      this.#blocks.push(block);
    }
    const before = block.tableBytes;
    block.add(record, this.#freshCosts[slot] as number);
    this.#bytes += block.tableBytes - before;
  }

  #keepBounds(): void {
    while (this.length > 1 && (this.#bytes > this.#maximumBytes || this.length > this.#maximumRecords)) {
      this.#dropOldest();
    }
  }

  #dropOldest(): void {
    const number = this.#first;
    this.#first += 1;
    this.#dropped += 1;
    if (number === this.#firstFresh) {
      this.#dropFresh(number);
      return;
    }
    const block = this.#blocks[0] as RecordBlock;
    this.#bytes -= block.costOf(number);
    block.drop(number);
    // One that is not full is filled further.
    if (this.#first < block.end || !block.isFull) return;
    this.#bytes -= block.tableBytes;
    this.#blocks.shift();
  }

  /** There are none but objects: what is left of blocks is empty. */
  #dropFresh(number: number): void {
    for (const { tableBytes } of this.#blocks.splice(0)) this.#bytes -= tableBytes;
    const slot = number % MOST_FRESH;
    this.#freshBytes -= this.#fresh[slot]?.bytes.length ?? 0;
    this.#fresh[slot] = undefined;
    this.#bytes -= this.#freshCosts[slot] as number;
    this.#firstFresh += 1;
  }
}
