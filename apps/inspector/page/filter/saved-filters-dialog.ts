/** Saved filters: to use, to colour, to forget, and to add the current one. */
import { button, element } from '../dom/element.ts';
import type { OpenedDialog } from '../dom/on-demand.ts';
import type { Inspector } from '../inspector.ts';
import type { Settings } from '../settings.ts';
import type { FilterBar } from './filter-bar.ts';
import { colours, savedFilter, withSaved, type SavedFilter } from './saved-filters.ts';

export interface SavedFiltersParts {
  readonly inspector: Inspector;
  readonly settings: Settings;
  readonly filterBar: FilterBar;
}

export function savedFiltersDialog({ inspector, settings, filterBar }: SavedFiltersParts): OpenedDialog {
  const list = element('ul', { class: 'saved' });
  const { root: adding, current, name } = newFilterForm(() => save());
  const close = button({ class: 'wide' }, () => root.close(), 'Close');
  const root: HTMLDialogElement = element(
    'dialog',
    { class: 'dialog wide-dialog', 'aria-labelledby': 'saved-title' },
    element('h2', { id: 'saved-title' }, 'Saved filters'),
    list,
    adding,
    element('div', { class: 'dialog-buttons' }, close),
  );
  const become = (savedFilters: readonly SavedFilter[]): void => {
    settings.change({ savedFilters });
    inspector.hub.changed('settings', 'rows');
    render();
  };
  const save = (): void => {
    const text = filterBar.input.value.trim();
    const called = name.value.trim() || text;
    name.value = '';
    if (text !== '') become(withSaved(settings.savedFilters, savedFilter(called, text, undefined)));
  };
  const use = ({ filter }: SavedFilter): void => {
    root.close();
    filterBar.set(filter);
  };
  const render = (): void => {
    const { savedFilters } = settings;
    const text = filterBar.input.value.trim();
    current.replaceChildren(text);
    adding.hidden = text === '';
    const change = (old: SavedFilter, changed: SavedFilter | undefined): void =>
      become(savedFilters.flatMap((each) => (each === old ? (changed ?? []) : each)));
    list.replaceChildren(...savedFilters.map((saved) => savedItem(saved, use, change)));
    if (savedFilters.length === 0) {
      list.append(element('li', { class: 'quiet' }, 'None yet. Type a filter, then save it here.'));
    }
  };
  return {
    root,
    open: () => {
      render();
      root.showModal();
      (list.querySelector('button') ?? (adding.hidden ? close : name)).focus();
    },
  };
}

interface NewFilterForm {
  readonly root: HTMLFormElement;
  /** Shows the filter that would be saved. */
  readonly current: HTMLElement;
  readonly name: HTMLInputElement;
}

function newFilterForm(save: () => void): NewFilterForm {
  const current = element('code', {});
  const name = element('input', {
    type: 'text',
    'aria-label': 'Name of the filter',
    placeholder: 'Name',
    maxlength: 100,
  });
  const root = element(
    'form',
    { class: 'saved-new' },
    element('p', {}, 'Save the current filter: ', current),
    element('div', {}, name, button({ class: 'wide main' }, save, 'Save')),
  );
  root.addEventListener('submit', (event) => {
    event.preventDefault();
    save();
  });
  return { root, current, name };
}

function savedItem(
  saved: SavedFilter,
  use: (saved: SavedFilter) => void,
  change: (old: SavedFilter, changed: SavedFilter | undefined) => void,
): HTMLElement {
  const { name, filter, colour } = saved;
  const choice = element(
    'select',
    { 'aria-label': `Colour of ${name}` },
    ...['no colour', ...colours].map((each) => element('option', { selected: each === (colour ?? 'no colour') }, each)),
  );
  choice.addEventListener('change', () =>
    change(saved, { ...saved, colour: colours.find((each) => each === choice.value) }),
  );
  return element(
    'li',
    { 'data-colour': colour },
    button({}, () => use(saved), name),
    element('code', {}, filter),
    choice,
    button({ 'aria-label': `Forget ${name}` }, () => change(saved, undefined), '×'),
  );
}
