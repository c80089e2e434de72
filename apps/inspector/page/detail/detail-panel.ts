/** Everything about the record that is selected: findings, fields, payload, exchange and session above, its bytes below. */
import { escapeText, fieldsOf, type FieldNode } from '@omqtt/inspect';
import { toRecord } from '../../src/api/row-of.ts';
import type { RecordDetail } from '../../src/api/row.ts';
import { button, element, setAttribute } from '../dom/element.ts';
import { NOT_LOADED } from '../dom/on-demand.ts';
import { tabs, type Tabs } from '../dom/tabs.ts';
import type { Inspector } from '../inspector.ts';
import { toggleMark } from '../marking.ts';
import { RangeLink } from './byte-range.ts';
import { exchangeView } from './exchange-view.ts';
import { FieldTree } from './field-tree.ts';
import { findingsView } from './findings-view.ts';
import { HexView } from './hex-view.ts';
import type { payloadView } from './payload-view.ts';
import { adviceView } from './reason-advice.ts';
import { sessionView } from './session-view.ts';

export const detailTabs = ['Fields', 'Payload', 'Exchange', 'Session'] as const;

/** What can be done with the packet that is shown. */
export interface DetailActions {
  copy(): void;
  /** Asks for the comment of a mark. */
  comment(): void;
  filterByField(): void;
}

export class DetailPanel {
  readonly actions: DetailActions;
  readonly root: HTMLElement;
  readonly link: RangeLink = new RangeLink();
  readonly tree: FieldTree = new FieldTree(this.link);
  readonly tabs: Tabs;
  readonly #inspector: Inspector;
  readonly #hex: HexView = new HexView(this.link);
  readonly #title = element('h2', {}, 'Nothing selected');
  readonly #mark = button({ title: 'Mark it, or take the mark away (m)' }, () => toggleMark(this.#inspector), '⚑ Mark');
  readonly #comment = element('p', { class: 'mark-comment', hidden: true });
  readonly #body: HTMLElement;
  #shown: RecordDetail | undefined;
  #payloadView: typeof payloadView | undefined;
  #fields: readonly FieldNode[] = [];

  constructor(inspector: Inspector, actions: DetailActions) {
    this.#inspector = inspector;
    this.actions = actions;
    this.tabs = tabs('Detail', detailTabs, () => {
      this.#fill();
      inspector.hub.changed('tab');
    });
    const close = button({ class: 'detail-close', 'aria-label': 'Close the detail' }, () => inspector.deselect(), '×');
    const head = element('div', { class: 'detail-head' }, this.#title, this.#actionBar(), close);
    const { root: hex } = this.#hex;
    this.#body = element('div', { class: 'detail-body' }, this.tabs.list, this.tabs.panel, hex);
    this.root = element('section', { class: 'detail', 'aria-label': 'Detail' }, head, this.#comment, this.#body);
    this.tabs.choose('Fields');
    inspector.hub.on(['detail', 'cursor'], () => this.render());
    inspector.hub.on(['marks', 'detail', 'cursor'], () => this.#showMark());
    inspector.hub.on(['session'], () => {
      if (this.tabs.chosen === 'Session') this.#fill();
    });
  }

  #actionBar(): HTMLElement {
    const { actions } = this;
    return element(
      'div',
      { class: 'detail-actions', role: 'group', 'aria-label': 'With this packet' },
      button(
        { title: 'Filter by the field that is selected (f)', 'aria-label': 'Filter by field' },
        () => actions.filterByField(),
        'Filter',
      ),
      button({ title: 'Copy as text, command or code (c)' }, () => actions.copy(), 'Copy…'),
      this.#mark,
      button({ title: 'Comment on it (M)', 'aria-label': 'Comment' }, () => actions.comment(), '✎'),
    );
  }

  #showMark(): void {
    const row = this.#shown?.row;
    const mark = row && this.#inspector.marks.of(row);
    setAttribute(this.#mark, 'aria-pressed', String(mark !== undefined));
    this.#comment.hidden = !mark?.comment;
    this.#comment.replaceChildren('⚑ ', element('bdi', {}, escapeText(mark?.comment ?? '')));
  }

  render(): void {
    const { selected } = this.#inspector;
    const { detail, missing } = this.#inspector.model;
    this.root.dataset['open'] = String(selected !== undefined);
    if (selected === undefined || missing === selected || detail?.row.number !== selected) {
      this.#title.replaceChildren(titleWithout(selected, missing));
      this.#body.hidden = selected === undefined || missing === selected;
      if (this.#body.hidden) this.#shown = undefined;
      this.#showMark();
      return;
    }
    this.#body.hidden = false;
    if (detail === this.#shown) return;
    this.#take(detail);
  }

  #take(detail: RecordDetail): void {
    const { row, bytes64, version } = detail;
    const isOther = this.#shown?.row.number !== row.number || this.#shown.bytes64 !== bytes64;
    this.#shown = detail;
    const arrow = row.direction === 'c2s' ? '→ to server' : '← to client';
    this.#title.replaceChildren(
      `${row.type.toUpperCase()} #${row.number} `,
      element('small', {}, `${arrow} · v${version}`),
    );
    if (isOther) {
      const record = toRecord(detail);
      this.#fields = fieldsOf(record);
      this.link.mark(undefined);
      this.tree.show(this.#fields);
      this.#hex.show(record.bytes, record.size);
    }
    this.#fill();
  }

  #fill(): void {
    const detail = this.#shown;
    const { panel, chosen } = this.tabs;
    if (!detail) return;
    this.#inspector.session(chosen === 'Session' ? detail.row.connection : undefined);
    const focused = document.activeElement;
    const hadFocus = focused !== panel && panel.contains(focused);
    panel.replaceChildren(...this.#contentOf(chosen, detail).filter((part) => part !== undefined));
    if (!hadFocus) return;
    // What had the focus is put in again, or something takes its place.
    const next = panel.contains(focused) ? focused : panel.querySelector('[aria-current] button, button');
    (next instanceof HTMLElement ? next : panel).focus({ preventScroll: true });
  }

  #contentOf(name: string, detail: RecordDetail): (HTMLElement | undefined)[] {
    if (name === 'Payload') return [this.#payload(detail)];
    if (name === 'Exchange') return this.#exchanges(detail);
    if (name === 'Session') return [this.#session(detail)];
    return [
      findingsView(detail.findings, this.link),
      adviceView(this.#fields, detail.row.type === 'connack'),
      this.tree.root,
    ];
  }

  #exchanges({ pair, request }: RecordDetail): HTMLElement[] {
    const views = [
      pair && exchangeView('Exchange', pair, this.#inspector),
      request && exchangeView('Request and response', request, this.#inspector),
    ].filter((view) => view !== undefined);
    return views.length > 0 ? views : [element('p', { class: 'quiet' }, 'This packet asks for no answer and is none.')];
  }

  /** What reads payloads comes with the first one that is looked at. */
  #payload({ row }: RecordDetail): HTMLElement {
    if (this.#payloadView) return this.#payloadView({ fields: this.#fields, row, inspector: this.#inspector });
    void this.#loadPayloadView();
    return element('p', { class: 'quiet' }, 'Reading…');
  }

  async #loadPayloadView(): Promise<void> {
    try {
      this.#payloadView = (await import('./payload-view.ts')).payloadView;
      if (this.tabs.chosen === 'Payload') this.#fill();
    } catch {
      this.#inspector.report(NOT_LOADED);
    }
  }

  #session({ row }: RecordDetail): HTMLElement {
    const { session } = this.#inspector.model;
    if (session?.connection !== row.connection) return element('p', { class: 'quiet' }, 'Asking…');
    return sessionView(session.view, this.#inspector);
  }
}

function titleWithout(selected: number | undefined, missing: number | undefined): string {
  if (selected === undefined) return 'Nothing selected';
  return missing === selected ? `Packet ${selected} is not stored any more` : `Packet ${selected}`;
}
