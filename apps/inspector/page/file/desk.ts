/** Answers the messages of a page from an inspection: what the worker does for a file that was dropped. */
import { redact, type Inspection, type PacketRecord } from '@omqtt/inspect';
import {
  MOST_ROWS_IN_WINDOW,
  PROTOCOL_VERSION,
  type PageMessage,
  type ServerMessage,
  type StateView,
} from '../../src/api/messages.ts';
import { detailOf, rowOf } from '../../src/api/row-of.ts';
import { RecordList } from './record-list.ts';
import { connectionRows, secondCounts, statisticsOf, topicRows } from './tally.ts';

export interface DeskOptions {
  readonly inspection: Inspection;
  readonly send: (message: ServerMessage) => void;
  /** Calls back soon, after what else waits. */
  readonly later: (work: () => void) => void;
}

type Window = Extract<PageMessage, { readonly type: 'window' }>;

export class Desk {
  readonly #inspection: Inspection;
  readonly #send: (message: ServerMessage) => void;
  readonly #later: (work: () => void) => void;
  #list: RecordList;
  #view = 1;
  #window: Window | undefined;
  #selected: number | undefined;
  #subjects: readonly string[] = [];
  #isRevealed = false;
  #isScanning = false;
  #isPaused = false;

  constructor({ inspection, send, later }: DeskOptions) {
    this.#inspection = inspection;
    this.#send = send;
    this.#later = later;
    this.#list = new RecordList('', inspection.records);
  }

  greet(file: string | undefined, now: number): void {
    const facts = { protocol: PROTOCOL_VERSION, version: '0.0.0', routes: [], now } as const;
    this.#send({ type: 'hello', ...facts, ...(file !== undefined && { file }) });
    this.added();
  }

  /** There are more records than before. */
  added(): void {
    if (this.#isPaused) return this.#sendState();
    if (!this.#isScanning) this.#scan();
    this.#sendDetail();
    this.#sendSubjects();
  }

  /** The records as a page may see them. */
  filtered(filter: string, isRevealed: boolean): PacketRecord[] {
    const list = new RecordList(filter, this.#inspection.records);
    while (list.scan());
    const records = list.records(list.first, list.end);
    return isRevealed ? records : records.map((record) => redact(record));
  }

  receive(message: PageMessage): void {
    switch (message.type) {
      case 'filter':
        return this.#filter(message.text);
      case 'window':
        this.#window = message;
        return this.#sendRows();
      case 'select':
        this.#selected = message.number;
        return this.#sendDetail();
      case 'locate': {
        const { request, number } = message;
        const position = this.#list.positionOf(number);
        return this.#send({
          type: 'located',
          request,
          view: this.#view,
          ...(position !== undefined && { number, position }),
        });
      }
      case 'find': {
        const { request, from, step, filter } = message;
        return this.#send({ type: 'located', request, view: this.#view, ...this.#list.find(from, step, filter) });
      }
      case 'watch':
        this.#subjects = message.subjects;
        return this.#sendSubjects();
      case 'session':
        return this.#sendSession(message.connection);
      case 'reveal':
        return this.#reveal(message.isRevealed);
      case 'pause':
        this.#isPaused = message.isPaused;
        return this.added();
      case 'clear':
        // A file is not forgotten: another one is opened.
        return this.#sendState();
    }
  }

  #filter(text: string): void {
    const list = new RecordList(text, this.#inspection.records);
    const { problems } = list;
    if (problems.length === 0) {
      this.#list = list;
      this.#view += 1;
      this.#window = undefined;
    }
    this.#send({ type: 'filtered', view: this.#view, text, problems });
    if (!this.#isScanning) this.#scan();
  }

  #scan(): void {
    this.#isScanning = this.#list.scan();
    this.#sendState();
    this.#sendRows();
    if (this.#isScanning) this.#later(() => this.#scan());
  }

  #reveal(isRevealed: boolean): void {
    this.#isRevealed = isRevealed;
    this.#sendState();
    this.#sendRows();
    this.#sendDetail();
  }

  #sendState(): void {
    const { records } = this.#inspection;
    const state: StateView = {
      view: this.#view,
      first: this.#list.first,
      end: this.#list.end,
      scanned: this.#list.scanned,
      stored: records.length,
      dropped: records.dropped,
      skippedBytes: 0,
      last: records.at(records.length - 1)?.number ?? 0,
      isPaused: this.#isPaused,
      isRevealed: this.#isRevealed,
    };
    this.#send({ type: 'state', ...state });
  }

  #sendRows(): void {
    if (!this.#window) return;
    const { from, count, follow } = this.#window;
    const wanted = Math.max(0, Math.min(MOST_ROWS_IN_WINDOW, count));
    const start = Math.max(this.#list.first, follow ? this.#list.end - wanted : from);
    const rows = this.#list.records(start, wanted).map((record) => rowOf(this.#shown(record)));
    this.#send({ type: 'rows', view: this.#view, from: start, rows });
  }

  #sendDetail(): void {
    const number = this.#selected;
    if (number === undefined) return;
    const record = this.#inspection.records.get(number);
    this.#send({ type: 'detail', number, ...(record && { detail: detailOf(this.#shown(record)) }) });
  }

  #sendSession(connection: string | undefined): void {
    if (connection === undefined) return;
    const session = this.#inspection.connection(connection);
    this.#send({ type: 'session', connection, ...(session && { session }) });
  }

  #sendSubjects(): void {
    const { records } = this.#inspection;
    const views = this.#inspection.connections();
    const has = (subject: string): boolean => this.#subjects.includes(subject);
    const now = records.at(records.length - 1)?.at ?? 0;
    if (has('connections')) this.#send({ type: 'connections', connections: connectionRows(views, records) });
    if (has('timeline')) this.#send({ type: 'timeline', seconds: secondCounts(records, views) });
    if (has('topics')) this.#send({ type: 'topics', ...topicRows(records, now) });
    if (has('statistics')) this.#send({ type: 'statistics', statistics: statisticsOf(records) });
  }

  #shown(record: PacketRecord): PacketRecord {
    return this.#isRevealed ? record : redact(record);
  }
}
