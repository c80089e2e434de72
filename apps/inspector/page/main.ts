/** Puts the page together. */
import { keepAddress, readAddress } from './address-state.ts';
import { DetailPanel } from './detail/detail-panel.ts';
import { button, element } from './dom/element.ts';
import { FileFeed } from './feed/file-feed.ts';
import { signIn } from './feed/sign-in.ts';
import { SocketFeed } from './feed/socket-feed.ts';
import { fileDrop } from './file-drop.ts';
import { FilterBar } from './filter/filter-bar.ts';
import { Inspector } from './inspector.ts';
import { listenToKeys } from './keys.ts';
import { PacketList } from './list/packet-list.ts';
import { Settings } from './settings.ts';
import { connectionRail } from './side/connection-rail.ts';
import { helpDialog, saveDialog } from './side/dialogs.ts';
import { announcer, statusBar, troubleBanner } from './side/status-bar.ts';
import { statisticsView, topicsView } from './side/tables.ts';
import { timeline } from './side/timeline.ts';
import { topBar } from './side/top-bar.ts';

const settings = new Settings();
const inspector = new Inspector();
settings.apply();

const filterBar = new FilterBar(inspector);
const list = new PacketList(inspector, settings);
const detail = new DetailPanel(inspector);
const save = saveDialog(inspector);
const help = helpDialog(settings);
const files = fileDrop((file) => inspector.open(new FileFeed(file)));
const goLive = (): void => inspector.open(new SocketFeed());
const showHelp = (): void => help.showModal();

const choose = (filter: string): void => {
  inspector.show('packets');
  filterBar.set(filter);
};
const middle = {
  packets: list.root,
  topics: topicsView(inspector, choose),
  statistics: statisticsView(inspector, choose),
} as const;
const viewNames = ['packets', 'topics', 'statistics'] as const;
const viewButtons = viewNames.map((name, index) =>
  button({ class: 'small', title: `Key ${index + 1}` }, () => inspector.show(name), name),
);
inspector.hub.on(['view', 'feed'], () => {
  for (const [index, name] of viewNames.entries()) {
    middle[name].hidden = inspector.view !== name;
    viewButtons[index]?.setAttribute('aria-pressed', String(inspector.view === name));
  }
});

document.body.append(
  topBar(inspector, settings, {
    save: () => save.showModal(),
    openFile: files.choose,
    help: showHelp,
    backToLive: goLive,
  }),
  filterBar.root,
  troubleBanner(inspector),
  element(
    'main',
    { class: 'parts' },
    connectionRail(inspector, filterBar),
    element('div', { class: 'middle' }, ...Object.values(middle)),
    detail.root,
  ),
  element(
    'footer',
    { class: 'foot' },
    element('div', { class: 'views', role: 'group', 'aria-label': 'Views' }, ...viewButtons),
    timeline(inspector),
    statusBar(inspector),
  ),
  announcer(inspector),
  files.overlay,
  save,
  help,
);
listenToKeys({ inspector, settings, list, detail, filterBar, help: showHelp });

const { filter } = readAddress(inspector);
const problem = await signIn();
if (filter !== '') {
  filterBar.input.value = filter;
  inspector.filter(filter);
}
keepAddress(inspector);
if (problem === undefined) goLive();
else inspector.report(problem);
list.grid.focus();
