/** Tabs as WAI-ARIA has them: one is in the order of the Tab key, arrow keys move between them. */
import { element } from './element.ts';

export interface Tabs {
  /** The row of tabs. */
  readonly list: HTMLElement;
  readonly panel: HTMLElement;
  readonly chosen: string;
  choose(name: string): void;
}

export function tabs(label: string, names: readonly string[], changed: (name: string) => void): Tabs {
  const id = label.toLowerCase().replaceAll(' ', '-');
  let chosen = names[0] ?? '';
  const made = names.map((name) =>
    element('button', { type: 'button', role: 'tab', id: `${id}-${name}`, 'aria-controls': `${id}-panel` }, name),
  );
  const list = element('div', { class: 'tabs', role: 'tablist', 'aria-label': label }, ...made);
  const panel = element('div', { class: 'tab-panel', role: 'tabpanel', id: `${id}-panel`, tabindex: 0 });
  const choose = (name: string): void => {
    chosen = name;
    for (const [index, tab] of made.entries()) {
      const isChosen = names[index] === name;
      tab.setAttribute('aria-selected', String(isChosen));
      tab.tabIndex = isChosen ? 0 : -1;
    }
    panel.setAttribute('aria-labelledby', `${id}-${name}`);
    changed(name);
  };
  for (const [index, tab] of made.entries()) tab.addEventListener('click', () => choose(names[index] ?? ''));
  list.addEventListener('keydown', (event) => {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const next = (names.indexOf(chosen) + step + names.length) % names.length;
    choose(names[next] ?? chosen);
    made[next]?.focus();
  });
  return {
    list,
    panel,
    get chosen() {
      return chosen;
    },
    choose,
  };
}
