/** Puts the page together. */
import { keepAddress, readAddress } from './address-state.ts';
import { DetailPanel } from './detail/detail-panel.ts';
import { element } from './dom/element.ts';
import { dialogOnDemand, type OpenedDialog } from './dom/on-demand.ts';
import type { Beginning } from './feed/beginning.ts';
import { FileFeed } from './feed/file-feed.ts';
import { SocketFeed } from './feed/socket-feed.ts';
import { fileDrop } from './file-drop.ts';
import { keepColours } from './filter/colour-rules.ts';
import { FilterBar } from './filter/filter-bar.ts';
import { filterByField } from './filter/filter-by-field.ts';
import { Inspector } from './inspector.ts';
import { listenToKeys } from './keys.ts';
import { packetColumns } from './list/columns.ts';
import { exchangeColumns } from './list/exchange-columns.ts';
import { PacketList } from './list/packet-list.ts';
import { reach } from './milestones.ts';
import { Settings } from './settings.ts';
import { connectionRail } from './side/connection-rail.ts';
import { endingBanner } from './side/ending-banner.ts';
import { lintList } from './side/lint-list.ts';
import { markDialog } from './side/mark-dialog.ts';
import { markList } from './side/mark-list.ts';
import { railToggle } from './side/rail-toggle.ts';
import { announcer, statusBar, troubleBanner } from './side/status-bar.ts';
import { statisticsView } from './side/statistics-view.ts';
import { Timeline } from './side/timeline.ts';
import { topBar } from './side/top-bar.ts';
import { topicList } from './side/topic-list.ts';
import { topicsView } from './side/topics-view.ts';
import { viewsOf } from './side/views.ts';

/** `beginning`: the address has no token any more by then. */
export function startPage(beginning: Beginning): void {
  reach('page');
  const settings = new Settings();
  const inspector = new Inspector();
  settings.apply();
  // Colours that were drawn are not those of the other theme.
  const systemTheme = matchMedia('(prefers-color-scheme: dark)');
  systemTheme.addEventListener('change', () => inspector.hub.changed('settings'));
  const dialog = (load: () => Promise<OpenedDialog>): (() => void) =>
    dialogOnDemand(load, (reason) => inspector.report(reason));
  const saved = dialog(async () => {
    const { savedFiltersDialog } = await import('./filter/saved-filters-dialog.ts');
    return savedFiltersDialog({ inspector, settings, filterBar });
  });
  const filterBar = new FilterBar(inspector, saved);
  keepColours(inspector, settings);
  const lists = listsOf(inspector, settings);
  const copy = dialog(async () => (await import('./copy/copy-dialog.ts')).copyDialog(inspector));
  const comment = markDialog(inspector);
  const detail = new DetailPanel(inspector, {
    copy,
    comment: () => comment.open(),
    filterByField: () => filterByField(inspector, detail.tree.active, filterBar),
  });
  const save = dialog(async () => (await import('./side/dialogs.ts')).saveDialog(inspector));
  const help = dialog(async () => (await import('./side/dialogs.ts')).helpDialog(settings));
  const files = fileDrop((file) => inspector.open(new FileFeed(file)));
  const backToLive = (): void => inspector.open(new SocketFeed());
  const actions = { save, openFile: files.choose, help, backToLive };
  const choose = (filter: string): void => {
    inspector.show('packets');
    filterBar.set(filter);
  };
  const contents = {
    packets: lists.packets.root,
    exchanges: lists.exchanges.root,
    topics: topicsView(inspector, choose),
    statistics: statisticsView(inspector, choose),
  };
  const { middle, buttons } = viewsOf(inspector, contents, detail);
  const rail = railOf(inspector, filterBar);
  const timeline = new Timeline(inspector, filterBar);
  document.body.append(
    topBar(inspector, settings, actions),
    filterBar.root,
    element('div', { class: 'banners' }, troubleBanner(inspector), endingBanner(inspector)),
    element('main', { class: 'parts' }, rail, middle, detail.root),
    element('footer', { class: 'foot' }, buttons, timeline.root, statusBar(inspector)),
    announcer(inspector, settings),
    files.overlay,
    comment.root,
  );
  document.querySelector('.top-bar')?.prepend(railToggle(rail));
  const list = (): PacketList => (inspector.view === 'exchanges' ? lists.exchanges : lists.packets);
  listenToKeys({ inspector, settings, detail, filterBar, list, help: actions.help, saved, ...detail.actions });
  begin({ inspector, filterBar, detail, timeline }, beginning);
}

function railOf(inspector: Inspector, filterBar: FilterBar): HTMLElement {
  return element(
    'nav',
    { class: 'rail', 'aria-label': 'Marks, findings, connections and topics' },
    markList(inspector, filterBar),
    lintList(inspector, filterBar),
    connectionRail(inspector, filterBar),
    topicList(inspector, filterBar),
  );
}

function listsOf(inspector: Inspector, settings: Settings): Readonly<Record<'packets' | 'exchanges', PacketList>> {
  const list = (label: string, columns: typeof packetColumns, needsExchanges: boolean): PacketList =>
    new PacketList(inspector, settings, { label, columns, needsExchanges });
  return {
    packets: list('Packets', packetColumns, false),
    exchanges: list('Exchanges', exchangeColumns, true),
  };
}

interface Begun {
  readonly inspector: Inspector;
  readonly filterBar: FilterBar;
  readonly detail: DetailPanel;
  readonly timeline: Timeline;
}

function begin({ inspector, filterBar, detail, timeline }: Begun, beginning: Beginning): void {
  const { filter, tab } = readAddress(inspector, timeline);
  if (filter !== '') {
    filterBar.input.value = filter;
    inspector.filter(filter);
  }
  keepAddress(inspector, detail, timeline);
  inspector.open(new SocketFeed(beginning));
  // Not in the way of who began to do something else while the page was loaded.
  inspector.hub.on(['view'], focusOnce());
  // After the view, which begins with a tab of its own.
  if (tab !== undefined) {
    inspector.hub.on(
      ['view'],
      once(() => detail.tabs.choose(tab)),
    );
  }
}

function once(work: () => void): () => void {
  let isDone = false;
  return () => {
    if (!isDone) work();
    isDone = true;
  };
}

/** The list has the focus when it is there for the first time. */
function focusOnce(): () => void {
  return once(() => {
    if (document.activeElement === document.body) document.querySelector<HTMLElement>('[role=grid]')?.focus();
  });
}
