/** What a reader can do, and what it does to the feed and the model. Parts of the page call this, and listen to the hub. */
import type { PageMessage, ServerMessage, Subject } from '../src/api/messages.ts';
import { MOST_ROWS_IN_WINDOW } from '../src/api/messages.ts';
import { CaptureModel, type Aspect } from './capture-model.ts';
import { FrameHub } from './dom/frame-hub.ts';
import type { Feed } from './feed/feed.ts';
import { Peeks } from './feed/peeks.ts';
import { PreviousMessage } from './feed/previous-message.ts';
import { Requests, type Place } from './feed/requests.ts';
import { Typing } from './feed/typing.ts';
import { sentFilter } from './filter/sent-filter.ts';
import { Marks } from './marks.ts';
import { reach } from './milestones.ts';

export const views = ['packets', 'exchanges', 'topics', 'statistics'] as const;
export type View = (typeof views)[number];

export class Inspector {
  readonly hub: FrameHub<Aspect> = new FrameHub();
  readonly model: CaptureModel = new CaptureModel();
  readonly marks: Marks = new Marks();
  readonly peeks: Peeks = new Peeks((message) => this.send(message));
  readonly typing: Typing = new Typing((message) => this.send(message));
  readonly previous: PreviousMessage = new PreviousMessage((message) => this.send(message));
  feed: Feed | undefined;
  view: View = 'packets';
  /** Where the cursor of the list stands: a position, and the record there as soon as its row is known. */
  cursor: number | undefined;
  selected: number | undefined;
  isFollowing = true;
  /** Number of a record that a link asks for. */
  wanted: number | undefined;
  /** What the next announcement of the page says. */
  announcement = '';
  #wantedFilter = '';
  /** What was sent for it. */
  #sentFilter = '';
  #window = '';
  #session: string | undefined;
  readonly #requests: Requests = new Requests((message) => this.send(message));

  open(feed: Feed): void {
    this.feed?.close();
    this.#requests.cancel();
    this.previous.forget();
    this.peeks.forget();
    this.model.reset();
    this.feed = feed;
    this.marks.turnTo(feed.kind);
    this.#forgetPlace();
    feed.start({
      message: (message) => this.#receive(message),
      marked: (marks) => {
        this.marks.add(marks);
        this.marksChanged();
      },
      ended: (reason) => {
        this.model.trouble = reason;
        this.model.isReady = false;
        this.hub.changed('feed');
      },
    });
    this.hub.changed('feed', 'state', 'rows', 'detail', 'connections', 'topics', 'statistics', 'timeline', 'view');
  }

  filter(text: string): void {
    this.#wantedFilter = text;
    this.#sendFilter();
  }

  get wantedFilter(): string {
    return this.#wantedFilter;
  }

  /** A filter of the reader, as a server knows it. */
  filterForServer(text: string): string {
    return sentFilter(text, { isOfExchanges: false, marked: this.marks.numbers });
  }

  /** The list shows these positions; the same window is asked for once. */
  showWindow(from: number, count: number): void {
    const message: PageMessage = this.isFollowing
      ? { type: 'window', from: 0, count: Math.min(count, MOST_ROWS_IN_WINDOW), follow: true }
      : { type: 'window', from, count: Math.min(count, MOST_ROWS_IN_WINDOW) };
    const asked = JSON.stringify({ message, view: this.model.rows.view });
    if (asked === this.#window) return;
    this.#window = asked;
    this.send(message);
  }

  follow(isFollowing: boolean): void {
    if (this.isFollowing === isFollowing) return;
    this.isFollowing = isFollowing;
    this.hub.changed('state', 'rows');
  }

  /** Puts the cursor on a position of the list. */
  moveTo(position: number): void {
    const { first, end } = this.model.state;
    if (end <= first) return;
    this.cursor = Math.max(first, Math.min(end - 1, position));
    const row = this.model.rows.get(this.cursor);
    if (row) this.#select(row.number);
    this.hub.changed('cursor');
  }

  /** Rows came: perhaps the one under the cursor. */
  settleCursor(): void {
    if (this.cursor === undefined) return;
    const row = this.model.rows.get(this.cursor);
    if (row) this.#select(row.number);
  }

  /** Shows a record, in the list too when the filter lets it through. */
  async goTo(number: number): Promise<void> {
    this.#select(number);
    this.cursor = undefined;
    this.#arrive(await this.#requests.ask({ type: 'locate', number }), `packet ${number} is hidden by the filter`);
  }

  /** The next record of the list, or the one before, that fulfils the filter. */
  async find(filter: string, step: 1 | -1): Promise<void> {
    const from = this.selected ?? (step === 1 ? 0 : this.model.state.last + 1);
    const place = await this.#requests.ask({ type: 'find', from, step, filter });
    this.#arrive(place, step === 1 ? 'none further down' : 'none further up');
  }

  async findLast(filter: string): Promise<void> {
    const question = { type: 'find', from: this.model.state.last + 1, step: -1, filter } as const;
    this.#arrive(await this.#requests.ask(question), 'none is in the list');
  }

  deselect(): void {
    this.send({ type: 'select' });
    this.cursor = undefined;
    this.selected = undefined;
    this.model.detail = undefined;
    this.hub.changed('detail', 'cursor');
  }

  watch(...subjects: readonly Subject[]): void {
    this.send({ type: 'watch', subjects });
  }

  /** Asks for the state of a connection, once, until another one is wanted. */
  session(connection: string | undefined): void {
    if (connection === this.#session) return;
    this.#session = connection;
    this.send({ type: 'session', ...(connection !== undefined && { connection }) });
  }

  pause(isPaused: boolean): void {
    this.send({ type: 'pause', isPaused });
  }

  reveal(isRevealed: boolean): void {
    this.send({ type: 'reveal', isRevealed });
  }

  clear(): void {
    this.#forgetPlace();
    this.send({ type: 'clear' });
  }

  show(view: View): void {
    if (this.view === view) return;
    this.view = view;
    this.#watchForView();
    if (view === 'packets' || view === 'exchanges') this.#sendFilter();
    this.hub.changed('view');
  }

  /** Also the filter may ask for them. */
  marksChanged(): void {
    this.hub.changed('marks', 'rows');
    this.#sendFilter();
  }

  /** Does nothing when the server has the same already. */
  #sendFilter(): void {
    const isOfExchanges = this.view === 'exchanges';
    const text = sentFilter(this.#wantedFilter, { isOfExchanges, marked: this.marks.numbers });
    if (text === this.#sentFilter && this.model.filterText === this.#wantedFilter) return;
    this.#sentFilter = text;
    this.send({ type: 'filter', text });
  }

  /** Tells what went wrong until something goes right. */
  report(problem: string): void {
    this.model.trouble = problem;
    this.hub.changed('feed');
  }

  announce(text: string): void {
    this.announcement = text;
    this.hub.changed('settings');
  }

  #arrive(place: Place | undefined, otherwise: string): void {
    if (place?.number === undefined || place.position === undefined) {
      this.announce(otherwise);
      return;
    }
    this.follow(false);
    this.cursor = place.position;
    this.#select(place.number);
    this.hub.changed('cursor', 'rows');
  }

  #select(number: number): void {
    if (this.selected === number) return;
    this.selected = number;
    this.send({ type: 'select', number });
    this.hub.changed('cursor');
  }

  #forgetPlace(): void {
    this.cursor = undefined;
    this.selected = undefined;
    this.model.detail = undefined;
    this.isFollowing = true;
    this.#window = '';
    this.hub.changed('detail', 'cursor');
  }

  #receive(message: ServerMessage): void {
    if (message.type === 'detail' && this.#isForPeeks(message)) return;
    if (message.type === 'completed') {
      this.typing.answer(message);
      return;
    }
    const viewBefore = this.model.rows.view;
    const isOwn = message.type === 'filtered' && message.text === this.#sentFilter;
    this.hub.changed(...this.model.take(isOwn ? { ...message, text: this.#wantedFilter } : message));
    if (message.type === 'hello') this.#greet();
    if (message.type === 'hello' || message.type === 'rows') reach(message.type);
    if (message.type === 'located') {
      this.#requests.answer(message);
      this.previous.answer(message);
    }
    if (message.type === 'rows') this.settleCursor();
    if (this.model.rows.view !== viewBefore) this.#turnList();
  }

  /** Also the selected one comes again after a peek, mostly as it was: whoever reads it is not disturbed. */
  #isForPeeks({ number, detail }: Extract<ServerMessage, { readonly type: 'detail' }>): boolean {
    const isPeek = this.peeks.take(number, detail) || this.previous.take(number, detail);
    if (isPeek) this.hub.changed('peeks');
    if (number !== this.selected) return isPeek;
    return JSON.stringify(detail) === JSON.stringify(this.model.detail);
  }

  /** A server that was lost and came back knows nothing of this page any more. */
  #greet(): void {
    this.#window = '';
    this.#session = undefined;
    this.#sentFilter = '';
    this.peeks.forget();
    if (this.#wantedFilter !== '' || this.view === 'exchanges') this.#sendFilter();
    const { wanted, selected } = this;
    this.wanted = undefined;
    if (wanted !== undefined) void this.goTo(wanted);
    else if (selected !== undefined) this.send({ type: 'select', number: selected });
    this.#watchForView();
    this.hub.changed('rows', 'state');
  }

  /** Positions of the list before mean nothing in this one. */
  #turnList(): void {
    this.#window = '';
    this.cursor = undefined;
    this.hub.changed('rows', 'cursor');
    const { selected } = this;
    if (selected === undefined || this.isFollowing) return;
    // An answer stands in no list of exchanges: the packet that began its exchange does.
    const { pair, request } = this.model.detail ?? {};
    const first = this.view === 'exchanges' ? (pair ?? request)?.steps[0]?.number : undefined;
    void this.goTo(first ?? selected);
  }

  #watchForView(): void {
    const { view } = this;
    this.watch('connections', 'timeline', 'statistics', ...(view === 'topics' ? [view] : []));
  }

  send(message: PageMessage): void {
    this.feed?.send(message);
  }
}
