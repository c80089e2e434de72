/** The connections: a click shows only the packets of one. */
import { escapeText } from '@omqtt/inspect';
import type { ConnectionRow } from '../../src/api/messages.ts';
import { button, element } from '../dom/element.ts';
import type { FilterBar } from '../filter/filter-bar.ts';
import { quoted } from '../filter/filter-terms.ts';
import type { Inspector } from '../inspector.ts';
import { formatCount } from '../time-format.ts';

/** The others are found with the filter. */
const MOST_CONNECTIONS = 200;

export function connectionRail(inspector: Inspector, filterBar: FilterBar): HTMLElement {
  const title = element('h2', {}, 'Connections');
  const list = element('ul', { class: 'connections' });
  const root = element('section', { class: 'rail-part' }, title, list);
  let shown = '';
  const render = (): void => {
    const { connections, connectionsLeft, filterText } = inspector.model;
    const content = JSON.stringify({ connections, connectionsLeft, filterText });
    if (content === shown) return;
    shown = content;
    const focused = list.contains(document.activeElement) ? document.activeElement?.getAttribute('data-id') : undefined;
    const inSight = connections.slice(0, MOST_CONNECTIONS);
    const count = connections.length + connectionsLeft;
    const more = count - inSight.length;
    title.replaceChildren('Connections ', element('small', {}, formatCount(count)));
    list.replaceChildren(...inSight.map((row) => connectionItem(row, filterText, filterBar)));
    if (count === 0) list.append(element('li', { class: 'quiet' }, 'None yet'));
    if (more > 0) {
      list.append(element('li', { class: 'quiet' }, `… ${formatCount(more)} more: filter by client: or conn:`));
    }
    if (focused) [...list.querySelectorAll('button')].find(({ dataset }) => dataset['id'] === focused)?.focus();
  };
  inspector.hub.on(['connections', 'filter'], render);
  return root;
}

function connectionItem(row: ConnectionRow, filterText: string, filterBar: FilterBar): HTMLElement {
  const { id, clientId, version, ending, packets, subscriptions, errors, warnings, closedAt } = row;
  const term = `conn=${quoted(id)}`;
  const isChosen = filterText.includes(term);
  const isOpen = closedAt === undefined && ending === undefined;
  const counts = [
    `${formatCount(packets)} packets`,
    ...(subscriptions > 0 ? [`${subscriptions} subs`] : []),
    ...(errors > 0 ? [`✖ ${errors} ${errors === 1 ? 'error' : 'errors'}`] : []),
    ...(warnings > 0 ? [`▲ ${warnings} ${warnings === 1 ? 'warning' : 'warnings'}`] : []),
  ];
  const choose = (): void => {
    const without = filterText.replace(term, '').trim();
    filterBar.set(isChosen ? without : term);
  };
  return element(
    'li',
    {},
    button(
      { class: 'connection', 'data-id': id, 'aria-pressed': String(isChosen), 'data-open': String(isOpen) },
      choose,
      element(
        'span',
        { class: 'connection-name' },
        element('span', { class: 'dot', 'aria-hidden': 'true' }, isOpen ? '●' : '○'),
        element('bdi', {}, escapeText(clientId || id)),
        element('small', {}, version === undefined ? '' : `v${version}`),
      ),
      element('span', { class: 'connection-facts' }, `${isOpen ? 'open' : 'ended'} · ${counts.join(' · ')}`),
      ending === undefined ? undefined : element('span', { class: 'connection-ending' }, escapeText(ending)),
    ),
  );
}
