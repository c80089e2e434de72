/** The first levels of topics with their rates: a click shows only what is below one. */
import { escapeText } from '@omqtt/inspect';
import type { TopicRoot } from '../../src/api/tally-view.ts';
import { button, element } from '../dom/element.ts';
import type { FilterBar } from '../filter/filter-bar.ts';
import { branchTerm, quoted } from '../filter/filter-terms.ts';
import type { Inspector } from '../inspector.ts';
import { formatCount, formatRate } from '../time-format.ts';

export function topicList(inspector: Inspector, filterBar: FilterBar): HTMLElement {
  const list = element('ul', { class: 'rules' });
  const all = button({ class: 'small' }, () => inspector.show('topics'), 'All topics');
  const root = element('section', { class: 'rail-part', hidden: true }, element('h2', {}, 'Topics'), list, all);
  let shown = '';
  inspector.hub.on(['statistics', 'filter', 'feed'], () => {
    const { statistics, filterText } = inspector.model;
    const roots = statistics?.roots ?? [];
    const content = JSON.stringify({ roots, filterText });
    if (content === shown) return;
    shown = content;
    root.hidden = roots.length === 0;
    const focused = root.contains(document.activeElement)
      ? document.activeElement?.getAttribute('data-term')
      : undefined;
    list.replaceChildren(...roots.map((each) => item(each, filterText, filterBar)));
    if (focused) [...root.querySelectorAll('button')].find(({ dataset }) => dataset['term'] === focused)?.focus();
  });
  return root;
}

function item({ root, messages, perSecond }: TopicRoot, filterText: string, filterBar: FilterBar): HTMLElement {
  const term = root.endsWith('/') ? branchTerm(root) : `topic=${quoted(root)}`;
  const name = escapeText(root);
  const rate = formatRate(perSecond);
  return element(
    'li',
    {},
    button(
      {
        class: 'rule',
        title: name,
        'aria-pressed': String(filterText.includes(term)),
        'data-term': term,
      },
      () => filterBar.toggle(term),
      element('span', { 'aria-hidden': 'true' }, '▸'),
      element('span', {}, element('bdi', {}, name), ' '),
      element('small', {}, rate === '' ? formatCount(messages) : rate),
      rate === '' ? element('span', { class: 'unseen' }, ' messages') : undefined,
    ),
  );
}
