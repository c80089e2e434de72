/**
 * One page, served: takes its messages and tells it what it asked for, in batches. It knows no socket and no platform, so
 * a page that shows a file can run it in a worker.
 */
import { compileFilter, redact, type PacketRecord } from '@omqtt/inspect';
import { MOST_ROWS_IN_WINDOW, type PageMessage, type ServerMessage, type Subject } from '../api/messages.ts';
import { detailOf, rowOf } from '../api/row-of.ts';
import type { Row } from '../api/row.ts';
import { completed } from './completed.ts';
import { connectionRows } from './connection-rows.ts';
import { FindJob } from './find-job.ts';
import type { PageSource } from './page-source.ts';
import { Places } from './places.ts';
import { RecordView } from './record-view.ts';

/** Subjects are told of so often at most. */
const WATCH_EVERY_MS = 500;
/** How long one flush may look for records. */
const SLICE_MS = 10;
/** Between slices others have their turn. */
const WORKING_EVERY_MS = 5;
const MOST_FINDS = 16;

export class PageSession {
  readonly #source: PageSource;
  readonly #send: (message: ServerMessage) => void;
  /** Milliseconds, from any beginning: for time slices. */
  readonly #clock: () => number;
  #view: RecordView;
  #filterText = '';
  #viewNumber = 0;
  #window = { from: 0, count: 0, follow: true };
  /** Positions whose rows have been sent. */
  #sent = { from: 0, end: 0 };
  readonly #changed = new Set<number>();
  #selected: number | undefined;
  #session: string | undefined;
  #subjects: readonly Subject[] = [];
  #watchedAt = -Infinity;
  /** The page knows the seconds before this one. */
  #second = 0;
  #finds: FindJob[] = [];
  readonly #places = new Places(MOST_FINDS);
  #colours: readonly ((record: PacketRecord) => boolean)[] = [];
  /** Number of the record with which the list ends while the page is paused; `undefined` while it is not. */
  #pausedAt: number | undefined;
  #isRevealed = false;
  #state = '';

  constructor(source: PageSource, send: (message: ServerMessage) => void, clock: () => number) {
    this.#source = source;
    this.#send = send;
    this.#clock = clock;
    this.#view = new RecordView(source.inspection.records, undefined);
  }

  receive(message: PageMessage): void {
    switch (message.type) {
      case 'filter':
        return this.#filter(message.text);
      case 'window':
        return this.#setWindow(message);
      case 'select':
        this.#selected = message.number;
        return this.#sendDetail();
      case 'locate':
        this.#places.add(message);
        return this.#answerPlaces(false);
      case 'find':
        this.#finds = [...this.#finds.slice(1 - MOST_FINDS), new FindJob(message)];
        return;
      case 'complete':
        return this.#send(completed(message));
      case 'colours':
        // One that is wrong colours nothing, and keeps its place.
        this.#colours = message.filters.map((text) => this.#testOf(text) ?? (() => false));
        this.#sent = { from: 0, end: 0 };
        return;
      case 'watch':
        this.#subjects = message.subjects;
        this.#watchedAt = -Infinity;
        this.#second = 0;
        return;
      case 'session':
        this.#session = message.connection;
        this.#watchedAt = -Infinity;
        return;
      case 'pause':
        return this.#pause(message.isPaused);
      case 'reveal':
        this.#isRevealed = message.isRevealed;
        this.#sent = { from: 0, end: 0 };
        return this.#sendDetail();
      case 'clear':
        return this.#source.clear();
    }
  }

  /** More is known of earlier records. */
  change(records: readonly PacketRecord[]): void {
    if (this.#view.reconsider(records)) this.#sent = { from: 0, end: 0 };
    for (const { number } of records) {
      if (number === this.#selected && this.#pausedAt === undefined) this.#sendDetail();
      const position = this.#view.positionOf(number);
      const isSent = position !== undefined && position >= this.#sent.from && position < this.#sent.end;
      if (isSent && this.#pausedAt === undefined) this.#changed.add(number);
    }
  }

  /** The records are others: another inspection, or an emptied one. */
  restart(): void {
    this.#view = new RecordView(this.#source.inspection.records, this.#testOf(this.#filterText));
    this.#nextView();
  }

  /** Tells what is new; returns in how many milliseconds to come again if nothing happens. `now`: since 1970. */
  flush(now: number): number | undefined {
    const until = this.#clock() + SLICE_MS;
    const isTimeUp = (): boolean => this.#clock() >= until;
    const isComplete = this.#view.advance(isTimeUp, this.#pausedAt);
    this.#sendRows();
    this.#sendState();
    this.#answerPlaces(isComplete);
    // Before, there would seem to be none.
    if (isComplete) this.#proceedFinds(isTimeUp);
    const waitMs = this.#watchedAt + WATCH_EVERY_MS - now;
    // Who is paused looks around in what is there: what is asked for is answered, and nothing else is told.
    const isPaused = this.#pausedAt !== undefined;
    if (waitMs <= 0 && (!isPaused || this.#watchedAt === -Infinity)) {
      this.#watchedAt = now;
      this.#sendSubjects(now);
    }
    if (!isComplete || this.#finds.length > 0) return WORKING_EVERY_MS;
    if (isPaused) return undefined;
    const isWatching = this.#subjects.length > 0 || this.#session !== undefined;
    return isWatching && waitMs > 0 ? waitMs : undefined;
  }

  #pause(isPaused: boolean): void {
    if (isPaused === (this.#pausedAt !== undefined)) return;
    this.#pausedAt = isPaused ? this.#last : undefined;
    if (isPaused) return;
    // More may be known of what was told by now.
    this.#sent = { from: 0, end: 0 };
    this.#sendDetail();
  }

  get #last(): number {
    const { records } = this.#source.inspection;
    return records.at(records.length - 1)?.number ?? 0;
  }

  #filter(text: string): void {
    const { matches, problems } = compileFilter(text);
    if (matches) {
      this.#filterText = text;
      this.#view = new RecordView(this.#source.inspection.records, this.#testOf(text));
      this.#nextView();
    }
    this.#send({ type: 'filtered', view: this.#viewNumber, text, problems });
  }

  /** No test at all for a text that lets everything through. */
  #testOf(text: string): ((record: PacketRecord) => boolean) | undefined {
    const matches = compileFilter(text).matches;
    return text.trim() === '' || !matches ? undefined : (record) => matches(record);
  }

  #nextView(): void {
    this.#viewNumber += 1;
    this.#sent = { from: 0, end: 0 };
    this.#changed.clear();
  }

  #setWindow({ from, count, follow = false }: Extract<PageMessage, { readonly type: 'window' }>): void {
    this.#window = { from, count: Math.min(count, MOST_ROWS_IN_WINDOW), follow };
    if (!follow) this.#sent = { from: 0, end: 0 };
  }

  #sendRows(): void {
    const { first, end } = this.#view;
    const { count, follow } = this.#window;
    const from = Math.max(first, follow ? end - count : this.#window.from);
    const to = Math.min(end, from + count);
    // What is new at the end of what was sent, or else all of the window.
    const isGrown = this.#sent.end > this.#sent.from && this.#sent.from <= from && this.#sent.end >= from;
    const start = isGrown ? Math.max(from, this.#sent.end) : from;
    if (isGrown) this.#sendChanged(from, start);
    this.#changed.clear();
    if (start < to) this.#sendRun(start, to);
    this.#sent = { from, end: Math.max(to, from) };
  }

  #sendChanged(from: number, to: number): void {
    const positions = Array.from(this.#changed, (number) => this.#view.positionOf(number))
      .filter((position) => position !== undefined)
      .filter((position) => position >= from && position < to)
      .toSorted((one, other) => one - other);
    let start = 0;
    for (let index = 1; index <= positions.length; index += 1) {
      const before = positions[index - 1] as number;
      if (positions[index] === before + 1) continue;
      this.#sendRun(positions[start] as number, before + 1);
      start = index;
    }
  }

  #sendRun(from: number, to: number): void {
    const rows = [];
    for (let position = from; position < to; position += 1) {
      const record = this.#view.at(position);
      if (record) rows.push(this.#rowOf(record));
    }
    this.#send({ type: 'rows', view: this.#viewNumber, from, rows });
  }

  #rowOf(record: PacketRecord): Row {
    const row = rowOf(this.#shown(record));
    const colour = this.#colours.findIndex((matches) => matches(record));
    return colour < 0 ? row : { ...row, colour };
  }

  #sendState(): void {
    const { records } = this.#source.inspection;
    const { first, end, scanned } = this.#view;
    const isPaused = this.#pausedAt !== undefined;
    const last = this.#pausedAt ?? this.#last;
    const oldest = records.at(0)?.number ?? last + 1;
    const state: ServerMessage = {
      type: 'state',
      view: this.#viewNumber,
      first: Math.min(first, end),
      end,
      scanned,
      stored: Math.min(records.length, Math.max(0, last + 1 - oldest)),
      dropped: records.dropped,
      skippedBytes: this.#source.skippedBytes(),
      last,
      isPaused,
      isRevealed: this.#isRevealed,
    };
    const text = Object.values(state).join();
    if (text === this.#state) return;
    this.#state = text;
    this.#send(state);
  }

  #sendDetail(): void {
    const number = this.#selected;
    if (number === undefined) return;
    const record = this.#source.inspection.records.get(number);
    this.#send({ type: 'detail', number, ...(record && { detail: detailOf(this.#shown(record)) }) });
  }

  #answerPlaces(isComplete: boolean): void {
    for (const place of this.#places.take(this.#view, isComplete)) {
      this.#send({ type: 'located', view: this.#viewNumber, ...place });
    }
  }

  #proceedFinds(isTimeUp: () => boolean): void {
    while (this.#finds[0]) {
      const found = this.#finds[0].proceed(this.#view, isTimeUp);
      if (found === 'not yet') return;
      this.#finds.shift();
      this.#send({ ...found, view: this.#viewNumber });
    }
  }

  #sendSubjects(now: number): void {
    const { inspection, tally } = this.#source;
    if (this.#session !== undefined) {
      const session = inspection.connection(this.#session);
      this.#send({ type: 'session', connection: this.#session, ...(session && { session }) });
    }
    for (const subject of this.#subjects) {
      if (subject === 'connections') {
        this.#send({ type: 'connections', ...connectionRows(inspection, tally) });
      } else if (subject === 'topics') this.#send({ type: 'topics', ...tally.topics(now) });
      else if (subject === 'statistics') this.#send({ type: 'statistics', statistics: tally.statistics(now) });
      else this.#sendTimeline(now);
    }
  }

  #sendTimeline(now: number): void {
    const seconds = this.#source.tally.timeline(this.#second);
    // Late packets and findings change the last seconds.
    this.#second = Math.floor(now / 1000) - 2;
    if (seconds.length > 0) this.#send({ type: 'timeline', seconds });
  }

  #shown(record: PacketRecord): PacketRecord {
    return this.#isRevealed ? record : redact(record);
  }
}
