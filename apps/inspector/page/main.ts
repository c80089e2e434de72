/** Puts the page together. */
import { keepAddress, readAddress } from './address-state.ts';
import { copyDialog } from './copy/copy-dialog.ts';
import { DetailPanel } from './detail/detail-panel.ts';
import { element } from './dom/element.ts';
import type { Beginning } from './feed/beginning.ts';
import { FileFeed } from './feed/file-feed.ts';
import { SocketFeed } from './feed/socket-feed.ts';
import { fileDrop } from './file-drop.ts';
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
import { helpDialog, saveDialog } from './side/dialogs.ts';
import { markDialog } from './side/mark-dialog.ts';
import { markList } from './side/mark-list.ts';
import { announcer, statusBar, troubleBanner } from './side/status-bar.ts';
import { statisticsView, topicsView } from './side/tables.ts';
import { Timeline } from './side/timeline.ts';
import { topBar } from './side/top-bar.ts';
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
  const filterBar = new FilterBar(inspector);
  const lists = listsOf(inspector, settings);
  const copy = copyDialog(inspector);
  const comment = markDialog(inspector);
  const detail = new DetailPanel(inspector, {
    copy: () => copy.open(),
    comment: () => comment.open(),
    filterByField: () => filterByField(inspector, detail.tree.active, filterBar),
  });
  const save = saveDialog(inspector);
  const help = helpDialog(settings);
  const files = fileDrop((file) => inspector.open(new FileFeed(file)));
  const actions = {
    save: () => save.showModal(),
    openFile: files.choose,
    help: () => help.showModal(),
    backToLive: () => inspector.open(new SocketFeed()),
  };
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
  const railParts = [markList(inspector, filterBar), connectionRail(inspector, filterBar)];
  const rail = element('nav', { class: 'rail', 'aria-label': 'Connections and marks' }, ...railParts);
  document.body.append(
    topBar(inspector, settings, actions),
    filterBar.root,
    troubleBanner(inspector),
    element('main', { class: 'parts' }, rail, middle, detail.root),
    element('footer', { class: 'foot' }, buttons, new Timeline(inspector, filterBar).root, statusBar(inspector)),
    announcer(inspector),
    files.overlay,
    save,
    help,
    copy.root,
    comment.root,
  );
  const list = (): PacketList => (inspector.view === 'exchanges' ? lists.exchanges : lists.packets);
  listenToKeys({ inspector, settings, detail, filterBar, list, help: actions.help, ...detail.actions });
  begin(inspector, filterBar, beginning);
}

function listsOf(inspector: Inspector, settings: Settings): Readonly<Record<'packets' | 'exchanges', PacketList>> {
  const list = (label: string, columns: typeof packetColumns, needsExchanges: boolean): PacketList =>
    new PacketList(inspector, settings, { label, columns, needsExchanges });
  return {
    packets: list('Packets', packetColumns, false),
    exchanges: list('Exchanges', exchangeColumns, true),
  };
}

function begin(inspector: Inspector, filterBar: FilterBar, { problem, connection }: Beginning): void {
  const { filter } = readAddress(inspector);
  if (filter !== '') {
    filterBar.input.value = filter;
    inspector.filter(filter);
  }
  keepAddress(inspector);
  if (problem === undefined) inspector.open(new SocketFeed(connection));
  else inspector.report(problem);
  // Not in the way of who began to do something else while the page was loaded.
  inspector.hub.on(['view'], focusOnce());
}

/** The list has the focus when it is there for the first time. */
function focusOnce(): () => void {
  let isDone = false;
  return () => {
    const isFree = !isDone && document.activeElement === document.body;
    if (isFree) document.querySelector<HTMLElement>('[role=grid]')?.focus();
    isDone = true;
  };
}
