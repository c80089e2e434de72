/** The keyboard: the list moves with it wherever the focus is, unless something is being typed. */
import { pairedNumber } from './detail/exchange-view.ts';
import type { DetailPanel } from './detail/detail-panel.ts';
import type { FilterBar } from './filter/filter-bar.ts';
import { views, type Inspector } from './inspector.ts';
import { toggleMark } from './marking.ts';
import type { PacketList } from './list/packet-list.ts';
import type { Settings } from './settings.ts';
import { nextTimeMode } from './side/top-bar.ts';

export interface KeyTargets {
  readonly inspector: Inspector;
  readonly settings: Settings;
  /** The one in view. */
  readonly list: () => PacketList;
  readonly detail: DetailPanel;
  readonly filterBar: FilterBar;
  help(): void;
  copy(): void;
  filterByField(): void;
  saved(): void;
  /** Asks for the comment of a mark. */
  comment(): void;
}

type Action = () => void;

export function listenToKeys(targets: KeyTargets): void {
  const letters = letterActions(targets);
  const moves = moveActions(targets);
  document.addEventListener('keydown', (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    // What a closing dialog hides keeps the focus until the next frame.
    const isSeen = event.target instanceof Element && event.target.checkVisibility();
    const target = isSeen ? event.target : document.body;
    if (document.querySelector('dialog[open]') || target.closest('input, textarea, select')) return;
    const isOnButton = target.closest('button, a') !== null;
    if (isOnButton && (event.key === ' ' || event.key === 'Enter')) return;
    // Keys that move belong to what scrolls, unless that is the list or nothing.
    const isFree = target === document.body || targets.list().grid.contains(target);
    const letter = targets.settings.hasLetterKeys ? letters[event.key] : undefined;
    const action = letter ?? (isFree ? moves[event.key] : undefined) ?? anywhere(targets)[event.key];
    if (!action) return;
    event.preventDefault();
    action();
  });
  targets.filterBar.root.addEventListener('leave', () => targets.list().grid.focus());
}

function letterActions(targets: KeyTargets): Readonly<Record<string, Action>> {
  const { inspector, settings, detail, filterBar } = targets;
  return {
    j: () => move(targets, 1),
    k: () => move(targets, -1),
    n: () => void inspector.find('has:lint', 1),
    N: () => void inspector.find('has:lint', -1),
    p: () => goToPaired(inspector),
    '/': () => filterBar.input.focus(),
    f: () => targets.filterByField(),
    s: () => targets.saved(),
    ' ': () => inspector.pause(!inspector.model.state.isPaused),
    x: () => detail.tree.expandAll(),
    c: () => targets.copy(),
    t: () => nextTimeMode(inspector, settings),
    m: () => toggleMark(inspector),
    M: () => targets.comment(),
    ...Object.fromEntries(views.map((view, index) => [String(index + 1), (): void => inspector.show(view)])),
    '[': () => movePane(-1),
    ']': () => movePane(1),
    '?': () => targets.help(),
  };
}

function moveActions(targets: KeyTargets): Readonly<Record<string, Action>> {
  const { inspector, detail } = targets;
  return {
    ArrowDown: () => move(targets, 1),
    ArrowUp: () => move(targets, -1),
    PageDown: () => move(targets, targets.list().rowsInSight),
    PageUp: () => move(targets, -targets.list().rowsInSight),
    Home: () => {
      inspector.follow(false);
      inspector.moveTo(0);
    },
    End: () => {
      inspector.moveTo(inspector.model.state.end - 1);
      inspector.follow(true);
    },
    Enter: () => {
      const isOfExchanges = inspector.view === 'exchanges';
      detail.tabs.choose(isOfExchanges ? 'Exchange' : 'Fields');
      const inside = isOfExchanges ? '.exchange button' : '[role=treeitem][tabindex="0"]';
      detail.root.querySelector<HTMLElement>(inside)?.focus();
    },
  };
}

function anywhere({ inspector, list, detail }: KeyTargets): Readonly<Record<string, Action>> {
  return {
    Escape: () => {
      const isInDetail = detail.root.contains(document.activeElement);
      if (!isInDetail) inspector.deselect();
      list().grid.focus();
    },
  };
}

function move({ inspector }: KeyTargets, step: number): void {
  const { first, end } = inspector.model.state;
  const from = inspector.cursor;
  if (from === undefined) inspector.moveTo(step > 0 && !inspector.isFollowing ? first : end - 1);
  else inspector.moveTo(from + step);
}

function goToPaired(inspector: Inspector): void {
  const { detail } = inspector.model;
  const exchange = detail?.pair ?? detail?.request;
  const number = detail && exchange && pairedNumber(exchange, detail.row.number);
  if (number === undefined) inspector.announce('this packet has no pair');
  else void inspector.goTo(number);
}

const PANES =
  '.filter input, .rail button, [role=grid], .table-view, .timeline, .detail [role=tab][tabindex="0"], .tree [tabindex="0"], .hex';

/** The parts of the page in their order, without a walk through all that is in them. */
function movePane(step: 1 | -1): void {
  const panes = [...document.querySelectorAll<HTMLElement>(PANES)].filter(({ offsetParent }) => offsetParent !== null);
  const firstOfEach = panes.filter(
    (pane, index) => !pane.matches('.rail button') || !panes[index - 1]?.matches('.rail button'),
  );
  const at = firstOfEach.findIndex((pane) => pane === document.activeElement || pane.contains(document.activeElement));
  firstOfEach[(at + step + firstOfEach.length) % firstOfEach.length]?.focus();
}
