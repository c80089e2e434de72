/** The list: a grid whose rows are made once and filled with what is in sight, however long the list is. */
import type { Row } from '../../src/api/row.ts';
import { element, setAttribute } from '../dom/element.ts';
import { coloured } from '../filter/saved-filters.ts';
import type { Inspector } from '../inspector.ts';
import { reach } from '../milestones.ts';
import type { Settings } from '../settings.ts';
import type { Column } from './columns.ts';
import { isWaiting } from './exchange-columns.ts';
import { emptyList } from './empty-list.ts';
import { ListRow } from './list-row.ts';
import { heightOf, lastTopRow, ROW_PX, scrollOf, topRowOf, type Scale } from './scroll-scale.ts';

/** Asked for on both sides of what is in sight, so that a little scrolling needs no answer. */
const MARGIN_ROWS = 60;

export interface ListOptions {
  /** What a reader hears. */
  readonly label: string;
  readonly columns: readonly Column[];
  /** Rows need more than the server says by itself. */
  readonly needsExchanges: boolean;
}

export class PacketList {
  readonly root: HTMLElement;
  readonly grid: HTMLElement;
  readonly #inspector: Inspector;
  readonly #settings: Settings;
  readonly #options: ListOptions;
  readonly #space = element('div', { class: 'list-space', role: 'rowgroup' });
  readonly #layer = element('div', { class: 'list-layer', role: 'presentation' });
  readonly #empty: { readonly root: HTMLElement; render(): void };
  readonly #rows: ListRow[] = [];
  /** Position of the row at the top, with a fraction. */
  #top = 0;
  #heightPx = 0;
  /** Where the page itself put the bar: the event that follows says nothing new. */
  #ownScrollPx = -1;
  #tick: number | undefined;

  constructor(inspector: Inspector, settings: Settings, options: ListOptions) {
    const { label, columns, needsExchanges } = options;
    this.#inspector = inspector;
    this.#settings = settings;
    this.#options = options;
    this.#space.append(this.#layer);
    this.grid = element(
      'div',
      { class: 'grid', role: 'grid', tabindex: 0, 'aria-label': label, 'aria-colcount': columns.length },
      headRow(columns),
      this.#space,
    );
    this.#empty = emptyList(inspector);
    this.root = element('section', { class: 'list', 'aria-label': `${label} list` }, this.grid, this.#empty.root);
    if (needsExchanges) this.root.classList.add('exchanges');
    this.grid.addEventListener('scroll', () => this.#scrolled(), { passive: true });
    this.#layer.addEventListener('click', (event) => this.#clicked(event));
    new ResizeObserver(() => this.render()).observe(this.grid);
    inspector.hub.on(['rows', 'state', 'settings', 'view', 'feed', 'detail', 'marks'], () => this.render());
    if (needsExchanges) inspector.hub.on(['peeks'], () => this.render());
    inspector.hub.on(['cursor'], () => this.#showCursor());
  }

  /** How many rows a page key moves by. */
  get rowsInSight(): number {
    return Math.max(1, Math.floor(this.#heightPx / ROW_PX) - 1);
  }

  render(): void {
    const { state } = this.#inspector.model;
    this.#heightPx = Math.max(0, this.grid.clientHeight - ROW_PX);
    const scale = this.#scale();
    // A list in another view has no height: nothing is asked for.
    if (this.#heightPx === 0) return;
    if (this.#inspector.isFollowing) this.#top = state.first + lastTopRow(scale);
    this.#top = Math.max(state.first, Math.min(state.first + lastTopRow(scale), this.#top));
    this.#space.style.height = `${heightOf(scale)}px`;
    this.#placeBar(scale);
    setAttribute(this.grid, 'aria-rowcount', String(scale.count + 1));
    this.#empty.render();

    const from = Math.floor(this.#top);
    const count = Math.ceil(this.#heightPx / ROW_PX) + 1;
    this.#makeRows(count);
    this.#fill(from, count);
    this.#markActive();
    this.#ask(from, count);
  }

  #fill(from: number, count: number): void {
    const { model, marks, peeks, selected, cursor, feed } = this.#inspector;
    const { state, rows, detail } = model;
    const isLive = feed?.kind === 'live' && model.isReady;
    const common = {
      timeMode: this.#settings.timeMode,
      origin: detail?.row.at,
      first: state.first,
      selected,
      cursor,
      now: isLive ? Date.now() + model.clockAheadMs : undefined,
    };
    const rules = coloured(this.#settings.savedFilters);
    const inSight: Row[] = [];
    for (const [index, line] of this.#rows.entries()) {
      const position = from + index;
      const isThere = position < state.end && index < count;
      const row = rows.get(position);
      if (isThere && row) inSight.push(row);
      line.fill(isThere ? position : undefined, {
        row,
        before: rows.get(position - 1),
        mark: row && marks.of(row),
        rule: row?.colour === undefined ? undefined : rules[row.colour],
        exchanges: this.#options.needsExchanges && row ? peeks.of(row) : undefined,
        ...common,
      });
    }
    // The frame in which the rows are drawn ends before the next one begins.
    if (inSight.length > 0) requestAnimationFrame(() => reach('painted'));
    if (!this.#options.needsExchanges) return;
    peeks.want(inSight, selected);
    this.#tickWhile(isLive && !state.isPaused && inSight.some((row) => isWaiting(row, peeks.of(row))));
  }

  /** What waits for an answer says for how long; no timer runs while nothing does. */
  #tickWhile(isTicking: boolean): void {
    clearTimeout(this.#tick);
    if (isTicking) this.#tick = setTimeout(() => this.render(), 1000);
  }

  /** After the cursor moved: brings it into sight. */
  #showCursor(): void {
    const { cursor, isFollowing } = this.#inspector;
    // In a list of another view nothing is in sight.
    if (cursor !== undefined && this.grid.clientHeight > 0) {
      const inSight = Math.max(1, Math.floor(this.#heightPx / ROW_PX));
      // Who follows is at the end in a moment, where he may not have been yet.
      const top = isFollowing ? this.#inspector.model.state.first + lastTopRow(this.#scale()) : this.#top;
      const isInSight = cursor >= Math.ceil(top) && cursor < Math.ceil(top) + inSight;
      if (!isInSight && isFollowing) this.#inspector.follow(false);
      if (!isInSight) this.#top = cursor < this.#top ? cursor : cursor - inSight + 1;
    }
    this.render();
  }

  #scale(): Scale {
    const { first, end } = this.#inspector.model.state;
    return { count: end - first, heightPx: this.#heightPx };
  }

  #placeBar(scale: Scale): void {
    const wanted = Math.round(scrollOf(this.#top - this.#inspector.model.state.first, scale));
    if (Math.abs(this.grid.scrollTop - wanted) > 1) this.grid.scrollTop = wanted;
    this.#ownScrollPx = this.grid.scrollTop;
    const fraction = (this.#top - Math.floor(this.#top)) * ROW_PX;
    this.#layer.style.transform = `translateY(${Math.max(0, this.#ownScrollPx - fraction)}px)`;
  }

  #scrolled(): void {
    const { scrollTop } = this.grid;
    if (Math.abs(scrollTop - this.#ownScrollPx) <= 1) return;
    const scale = this.#scale();
    const topRow = topRowOf(scrollTop, scale);
    this.#top = this.#inspector.model.state.first + topRow;
    this.#inspector.follow(topRow >= lastTopRow(scale) - 0.5);
    this.#ownScrollPx = scrollTop;
    this.render();
  }

  #makeRows(count: number): void {
    while (this.#rows.length < count) {
      const row = new ListRow(this.#options.columns);
      this.#rows.push(row);
      this.#layer.append(row.root);
    }
    for (const row of this.#rows.splice(count)) row.root.remove();
  }

  #markActive(): void {
    const active = this.#rows.find(({ isActive }) => isActive);
    setAttribute(this.grid, 'aria-activedescendant', active?.root.id);
  }

  #ask(from: number, count: number): void {
    const { first } = this.#inspector.model.state;
    // In steps, so that each pixel of scrolling does not ask for another window.
    const start = Math.max(first, Math.floor((from - MARGIN_ROWS) / MARGIN_ROWS) * MARGIN_ROWS);
    this.#inspector.showWindow(start, count + MARGIN_ROWS * 3);
  }

  #clicked(event: Event): void {
    const root = event.target instanceof Element ? event.target.closest('[role=row]') : undefined;
    const row = this.#rows.find((each) => each.root === root);
    if (row?.position !== undefined) this.#inspector.moveTo(row.position);
  }
}

function headRow(columns: readonly Column[]): HTMLElement {
  const cells = columns.map(({ name, title, label }, index) =>
    element(
      'span',
      {
        role: 'columnheader',
        class: `cell cell-${name}`,
        'aria-colindex': index + 1,
        'aria-label': label,
        title: label,
      },
      title,
    ),
  );
  const row = element('div', { role: 'row', class: 'list-row list-head', 'aria-rowindex': 1 }, ...cells);
  return element('div', { role: 'rowgroup', class: 'list-heads' }, row);
}
