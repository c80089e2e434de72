/**
 * Some hundred records that follow one another, in columns: what all have is numbers in one buffer, what many share stands
 * in tables, and only what few have is an object each. A tenth of what objects take, and nothing for the collector to walk.
 *
 *     at f64 · size u32 · first byte u32 · kept bytes u32 · cost u32 · source u16 · topic u16 · buffer u16 · kind u8 · direction u8
 */
import { packetTypes } from '@omqtt/codec';
import type { Exchange } from './exchange.ts';
import type { Finding } from './lint/finding.ts';
import type { OpenRecord, PacketRecord, RecordMark, RecordType } from './packet-record.ts';
import { StoredRecord } from './stored-record.ts';

export const COLUMN_BYTES = 32;
const MOST_RECORDS = 1024;
/** Long topics and names fill a block sooner, as they only go with all of it. */
const MOST_TABLE_BYTES = 65_536;
/** A text in a table, without its characters. */
const ENTRY_BYTES = 48;
const SOURCE_BYTES = 128;
const NO_TOPIC = 0xff_ff;

const recordTypes: readonly RecordType[] = [...packetTypes.map(({ type }) => type), 'reserved', 'garbage'];

/** What the records of one connection have in common. */
type Source = Pick<StoredRecord, 'connection' | 'origin' | 'clientId' | 'version' | 'isOld'>;

/** A list that is not there while nobody has what would be in it. */
type Sparse<Value> = (Value | undefined)[] | undefined;

const NO_FINDINGS: readonly Finding[] = [];
const NO_MARKS: readonly RecordMark[] = [];

export class RecordBlock {
  /** Number of its first record. */
  readonly first: number;
  #count = 0;
  readonly #at: Float64Array;
  readonly #sizes: Uint32Array;
  readonly #starts: Uint32Array;
  readonly #lengths: Uint32Array;
  readonly #costs: Uint32Array;
  readonly #sourceOf: Uint16Array;
  readonly #topicOf: Uint16Array;
  readonly #bufferOf: Uint16Array;
  readonly #kinds: Uint8Array;
  readonly #directions: Uint8Array;
  readonly #sources: Source[] = [];
  readonly #topics: string[] = [];
  /** With the bytes; a buffer goes when the last record that has bytes in it is dropped. */
  readonly #buffers: (ArrayBufferLike | undefined)[] = [];
  #freedBuffers = 0;
  #pairs: Sparse<Exchange>;
  #requests: Sparse<Exchange>;
  #findings: Sparse<readonly Finding[]>;
  #marks: Sparse<readonly RecordMark[]>;
  /** Where to look while it is filled. */
  #sourceIndex = new Map<string, number>();
  #topicIndex = new Map<string, number>();
  #tableBytes = 0;

  constructor(first: number) {
    this.first = first;
    const memory = new ArrayBuffer(MOST_RECORDS * COLUMN_BYTES);
    let used = 0;
    const next = (width: number): number => (used += width * MOST_RECORDS) - width * MOST_RECORDS;
    this.#at = new Float64Array(memory, next(8), MOST_RECORDS);
    this.#sizes = new Uint32Array(memory, next(4), MOST_RECORDS);
    this.#starts = new Uint32Array(memory, next(4), MOST_RECORDS);
    this.#lengths = new Uint32Array(memory, next(4), MOST_RECORDS);
    this.#costs = new Uint32Array(memory, next(4), MOST_RECORDS);
    this.#sourceOf = new Uint16Array(memory, next(2), MOST_RECORDS);
    this.#topicOf = new Uint16Array(memory, next(2), MOST_RECORDS);
    this.#bufferOf = new Uint16Array(memory, next(2), MOST_RECORDS);
    this.#kinds = new Uint8Array(memory, next(1), MOST_RECORDS);
    this.#directions = new Uint8Array(memory, next(1), MOST_RECORDS);
  }

  /** Number behind its last record. */
  get end(): number {
    return this.first + this.#count;
  }

  get isFull(): boolean {
    return this.#count === MOST_RECORDS || this.#tableBytes > MOST_TABLE_BYTES;
  }

  /** Of what its records share: it goes with the last of them. */
  get tableBytes(): number {
    return this.#tableBytes;
  }

  add(record: StoredRecord, cost: number): void {
    const index = this.#count;
    this.#count += 1;
    const { bytes, topic } = record;
    this.#at[index] = record.at;
    this.#sizes[index] = record.size;
    this.#starts[index] = bytes.byteOffset;
    this.#lengths[index] = bytes.byteLength;
    this.#costs[index] = cost;
    this.#sourceOf[index] = this.#placeOfSource(record);
    this.#topicOf[index] = topic === undefined ? NO_TOPIC : this.#placeOfTopic(topic);
    this.#kinds[index] = recordTypes.indexOf(record.type);
    this.#directions[index] = record.direction === 'c2s' ? 0 : 1;
    if (this.#buffers.at(-1) !== bytes.buffer) this.#buffers.push(bytes.buffer);
    this.#bufferOf[index] = this.#buffers.length - 1;
    this.#keepObjects(index, record);
    if (this.isFull) this.#finish();
  }

  get(number: number): StoredRecord {
    const index = number - this.first;
    const source = this.#sources[this.#sourceOf[index] as number] as Source;
    const { connection, origin, clientId, version, isOld } = source;
    const buffer = this.#buffers[this.#bufferOf[index] as number] as ArrayBufferLike;
    const record = new StoredRecord({
      number,
      connection,
      origin,
      direction: this.#directions[index] === 0 ? 'c2s' : 's2c',
      at: this.#at[index] as number,
      version,
      type: recordTypes[this.#kinds[index] as number] as RecordType,
      packet: undefined,
      bytes: new Uint8Array(buffer, this.#starts[index], this.#lengths[index]),
      size: this.#sizes[index] as number,
      clientId,
      isOld,
      findings: this.#findings?.[index] ?? NO_FINDINGS,
      marks: this.#marks?.[index] ?? NO_MARKS,
    });
    record.topic = this.#topics[this.#topicOf[index] as number];
    record.pair = this.#pairs?.[index];
    record.request = this.#requests?.[index];
    return record;
  }

  /** Takes over what was found out of a record since. */
  put(record: PacketRecord, cost: number): void {
    const index = record.number - this.first;
    this.#costs[index] = cost;
    this.#keepObjects(index, record);
  }

  costOf(number: number): number {
    return this.#costs[number - this.first] as number;
  }

  bufferOf(number: number): ArrayBufferLike | undefined {
    return this.#buffers[this.#bufferOf[number - this.first] as number];
  }

  /** The oldest of those that are left. */
  drop(number: number): void {
    const index = number - this.first;
    for (const objects of [this.#pairs, this.#requests, this.#findings, this.#marks]) {
      if (objects) objects[index] = undefined;
    }
    // The next record may be the first to use another buffer; more may be added that use the last one.
    const inUse = index + 1 < this.#count ? (this.#bufferOf[index + 1] as number) : this.#buffers.length - 1;
    for (; this.#freedBuffers < inUse; this.#freedBuffers += 1) this.#buffers[this.#freedBuffers] = undefined;
  }

  #keepObjects(index: number, { pair, request, findings, marks }: OpenRecord): void {
    if (pair) (this.#pairs ??= listOf())[index] = pair;
    if (request) (this.#requests ??= listOf())[index] = request;
    if (findings.length > 0) (this.#findings ??= listOf())[index] = findings;
    if (marks.length > 0) (this.#marks ??= listOf())[index] = marks;
  }

  #placeOfSource({ connection, origin, clientId, version, isOld }: StoredRecord): number {
    const known = this.#sourceIndex.get(connection);
    const last = known === undefined ? undefined : this.#sources[known];
    const isSame = last?.clientId === clientId && last?.version === version && last.isOld === isOld;
    if (known !== undefined && isSame && last.origin === origin) return known;
    this.#sourceIndex.set(connection, this.#sources.length);
    this.#tableBytes += SOURCE_BYTES + connection.length + (clientId?.length ?? 0);
    return this.#sources.push({ connection, origin, clientId, version, isOld }) - 1;
  }

  #placeOfTopic(topic: string): number {
    const known = this.#topicIndex.get(topic);
    if (known !== undefined) return known;
    this.#topicIndex.set(topic, this.#topics.length);
    this.#tableBytes += ENTRY_BYTES + topic.length;
    return this.#topics.push(topic) - 1;
  }

  #finish(): void {
    this.#sourceIndex = new Map();
    this.#topicIndex = new Map();
  }
}

function listOf<Value>(): (Value | undefined)[] {
  return Array.from({ length: MOST_RECORDS });
}
