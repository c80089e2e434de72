/** Says in one sentence how the last connection ended, who ended it, and which packet shows it. */
import { escapeText } from '@omqtt/inspect';
import type { ConnectionRow } from '../../src/api/messages.ts';
import { button, element } from '../dom/element.ts';
import type { Feed } from '../feed/feed.ts';
import { quoted } from '../filter/filter-terms.ts';
import type { Inspector } from '../inspector.ts';
import { formatCount } from '../time-format.ts';

const SOUND = /^the client sent DISCONNECT/;

export function endingBanner(inspector: Inspector): HTMLElement {
  const root = element('div', { class: 'ending', role: 'status', hidden: true });
  let known: ReadonlySet<string> | undefined;
  let worst: ConnectionRow | undefined;
  let count = 0;
  let endedBefore = 0;
  let feed: Feed | undefined;
  const dismiss = (): void => {
    worst = undefined;
    count = 0;
    root.hidden = true;
  };
  inspector.hub.on(['feed', 'connections'], () => {
    if (feed !== inspector.feed) {
      feed = inspector.feed;
      known = undefined;
      dismiss();
    }
    if (!inspector.model.isToldOfConnections) return;
    const ended = inspector.model.connections.filter(({ closedAt, ending }) => closedAt !== undefined && ending);
    // What had ended before the page came, or in a file, is no news.
    const { greetedAt } = inspector.model;
    const news = ended.filter(({ id, closedAt = 0 }) => (known ? !known.has(id) : closedAt > greetedAt));
    if (!known) endedBefore = inspector.model.connectionsEnded - news.length;
    known = new Set(ended.map(({ id }) => id));
    if (news.length === 0) return;
    const { filterText, connectionsEnded } = inspector.model;
    const watchedIds = connectionsIn(filterText);
    const watched = watchedIds.length === 0 ? news : news.filter(({ id }) => watchedIds.includes(id));
    // Of thousands that end at once not all are listed.
    count += watchedIds.length === 0 ? connectionsEnded - endedBefore : watched.length;
    endedBefore = connectionsEnded;
    // The one that ended last comes first. What was no sound end stays until there is another.
    const isKept = worst !== undefined && isUnsound(worst);
    worst = watched.find(isUnsound) ?? (isKept ? worst : (watched[0] ?? worst));
    if (!worst) return;
    root.hidden = false;
    root.replaceChildren(...sentence(worst, count - 1, inspector), close(dismiss));
  });
  return root;
}

function isUnsound({ ending = '' }: ConnectionRow): boolean {
  return !SOUND.test(ending);
}

/** A reader who watches one connection is not told of the others. */
export function connectionsIn(filterText: string): string[] {
  const terms = filterText.matchAll(/(?<!-|\bnot\s+|\w)conn[:=](?:"((?:[^"\\]|\\.)*)"|([^\s()"]+))/gi);
  return Array.from(terms, ([, quotedId, id]) => quotedId?.replace(/\\(.)/g, '$1') ?? id ?? '');
}

function sentence(row: ConnectionRow, others: number, inspector: Inspector): HTMLElement[] {
  const { id, clientId = '', ending = '' } = row;
  const packet = /\(packet (\d+)\)/.exec(ending)?.[1];
  const show = (): void => {
    inspector.show('packets');
    if (packet === undefined) void inspector.findLast(`conn=${quoted(id)}`);
    else void inspector.goTo(Number(packet));
  };
  return [
    element('span', { 'aria-hidden': 'true' }, SOUND.test(ending) ? '○' : '▲'),
    element('strong', {}, element('bdi', {}, escapeText(clientId || id))),
    element(
      'span',
      {},
      element('bdi', {}, escapeText(ending)),
      others > 0 ? ` (and ${formatCount(others)} more ended)` : '',
    ),
    button({ class: 'small' }, show, packet === undefined ? 'Its last packet' : `Packet ${packet}`),
  ];
}

function close(dismiss: () => void): HTMLElement {
  return button({ class: 'small', 'aria-label': 'Close this note' }, dismiss, '×');
}
