/** What stands in the middle of the page, and the buttons that choose it. */
import { button, element } from '../dom/element.ts';
import type { DetailPanel } from '../detail/detail-panel.ts';
import { views, type Inspector, type View } from '../inspector.ts';

export interface Views {
  readonly middle: HTMLElement;
  readonly buttons: HTMLElement;
}

export function viewsOf(
  inspector: Inspector,
  contents: Readonly<Record<View, HTMLElement>>,
  { tabs }: DetailPanel,
): Views {
  const middle = element('div', { class: 'middle' });
  const buttons = views.map((name, index) =>
    button({ class: 'small', title: `Key ${index + 1}` }, () => inspector.show(name), titleOf(name)),
  );
  inspector.hub.on(['view', 'feed'], () => {
    const { view } = inspector;
    for (const [index, name] of views.entries()) buttons[index]?.setAttribute('aria-pressed', String(view === name));
    const content = contents[view];
    if (content.parentElement === middle) return;
    const hadFocus = middle.contains(document.activeElement);
    // Only the one in view is in the document, so that nobody hears or finds the others.
    middle.replaceChildren(content);
    if (hadFocus) (content.querySelector<HTMLElement>('[role=grid]') ?? content).focus();
    if (view === 'exchanges') tabs.choose('Exchange');
    else if (view === 'packets' && tabs.chosen === 'Exchange') tabs.choose('Fields');
  });
  return { middle, buttons: element('div', { class: 'views', role: 'group', 'aria-label': 'Views' }, ...buttons) };
}

function titleOf(name: View): string {
  return `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
}
