/** The packets that were marked, with their comments: a click leads there. */
import { escapeText } from '@omqtt/inspect';
import { button, element } from '../dom/element.ts';
import type { FilterBar } from '../filter/filter-bar.ts';
import type { Inspector } from '../inspector.ts';

const FILTER = 'is:marked';

export function markList(inspector: Inspector, filterBar: FilterBar): HTMLElement {
  const title = element('h2', {}, 'Marks');
  const only = button({ class: 'small', title: FILTER }, () => filterBar.toggle(FILTER), 'Only these');
  const list = element('ul', { class: 'marks' });
  const root = element('section', { class: 'rail-part', hidden: true }, title, list, only);
  inspector.hub.on(['marks', 'feed', 'filter', 'cursor'], () => {
    const { marks, selected, model } = inspector;
    root.hidden = marks.all.length === 0;
    title.replaceChildren('Marks ', element('small', {}, String(marks.all.length)));
    only.setAttribute('aria-pressed', String(model.filterText.includes(FILTER)));
    const focused = list.contains(document.activeElement) ? document.activeElement?.getAttribute('data-id') : undefined;
    list.replaceChildren(
      ...marks.all.map(({ number, comment }) =>
        element(
          'li',
          {},
          button(
            { class: 'mark', 'data-id': number, 'aria-current': number === selected ? 'true' : undefined },
            () => void inspector.goTo(number),
            element('span', { class: 'mark-number' }, `⚑ ${number}`),
            comment === '' ? undefined : element('bdi', {}, escapeText(comment)),
          ),
        ),
      ),
    );
    if (focused) list.querySelector<HTMLElement>(`[data-id="${focused}"]`)?.focus();
  });
  return root;
}
