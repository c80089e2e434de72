/** Where a filter is typed: completes what could stand at the cursor, and marks what is wrong with its place. */
import type { CompletionOption, FilterProblem } from '@omqtt/inspect';
import { button, element, setAttribute } from '../dom/element.ts';
import type { Completed } from '../feed/typing.ts';
import type { Inspector } from '../inspector.ts';

/** So many options are drawn. */
const MOST_OPTIONS = 12;
/** A filter is sent when nobody typed for so long, so that half a word is not searched for. */
const QUIET_MS = 150;

interface Awaits {
  options: boolean;
  use: boolean;
}

export class FilterBar {
  readonly root: HTMLElement;
  readonly input: HTMLInputElement;
  readonly #inspector: Inspector;
  readonly #options = element('ul', {
    class: 'options',
    role: 'listbox',
    id: 'filter-options',
    'aria-label': 'Completions',
    hidden: true,
  });
  readonly #problem = element('div', { class: 'problem', id: 'filter-problem', role: 'status' });
  #completions: readonly CompletionOption[] = [];
  #range: { readonly start: number; readonly end: number } = { start: 0, end: 0 };
  #active = -1;
  #timer: number | undefined;
  /** What the next answer of the server is for. */
  #awaits: Awaits = { options: false, use: false };

  constructor(inspector: Inspector, openSaved: () => void) {
    this.#inspector = inspector;
    this.input = element('input', {
      type: 'text',
      role: 'combobox',
      'aria-label': 'Filter',
      'aria-autocomplete': 'list',
      'aria-expanded': 'false',
      'aria-controls': 'filter-options',
      'aria-describedby': 'filter-problem',
      placeholder: 'Filter: type:publish client:dev-* rtt>200ms has:lint',
      autocomplete: 'off',
      autocapitalize: 'off',
      spellcheck: 'false',
    });
    const clear = button({ class: 'filter-clear', 'aria-label': 'Clear the filter' }, () => this.set(''), '×');
    const saved = button({ 'aria-label': 'Saved filters', title: 'Saved filters and colours (s)' }, openSaved, '★');
    const box = element('div', { class: 'filter-box' }, this.input, clear, saved, this.#options);
    this.root = element('search', { class: 'filter' }, box, this.#problem);
    this.input.addEventListener('input', () => this.#typed());
    this.input.addEventListener('keydown', (event) => this.#pressed(event));
    this.input.addEventListener('blur', () => this.#close());
    // Not with click: the field would have lost the focus by then.
    this.#options.addEventListener('mousedown', (event) => {
      event.preventDefault();
      const option = event.target instanceof Element ? event.target.closest('[role=option]') : undefined;
      if (option) this.#take([...this.#options.children].indexOf(option));
    });
    inspector.hub.on(['filter'], () => this.#answered());
    // Nobody answered before.
    inspector.hub.on(['feed'], () => {
      if (inspector.model.isReady && this.#awaits.use) this.#ask();
    });
  }

  /** Replaces the filter. */
  set(text: string): void {
    this.input.value = text;
    this.#close();
    this.#apply();
  }

  /** Narrows the filter by one more term. */
  add(term: string): void {
    const text = this.input.value.trim();
    if (text.split(/\s+/).includes(term)) return;
    this.set(text === '' ? term : / or /.test(text) ? `(${text}) ${term}` : `${text} ${term}`);
  }

  /** Adds a term, or takes it away when it is there. */
  toggle(term: string): void {
    const text = this.input.value;
    if (text.includes(term)) this.set(text.replace(term, '').replace(/\s+/g, ' ').trim());
    else this.add(term);
  }

  #typed(): void {
    // What is offered is for another text, and would be put in a wrong place.
    this.#completions = [];
    this.#activate(-1);
    this.#options.setAttribute('aria-busy', 'true');
    this.#ask({ options: true });
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#apply(), QUIET_MS);
  }

  #apply(): void {
    clearTimeout(this.#timer);
    this.#ask({ use: true });
  }

  /** The server knows the language, and so does whoever reads a file: the page need not. */
  #ask(awaits: Partial<Awaits> = {}): void {
    Object.assign(this.#awaits, awaits);
    const { value, selectionStart } = this.input;
    this.#inspector.typing.ask(value, selectionStart ?? value.length, (answer) => this.#told(value, answer));
  }

  #told(text: string, answer: Completed): void {
    const { options, use } = this.#awaits;
    this.#awaits = { options: false, use: false };
    // Something else is typed by now, which is asked for too.
    if (text !== this.input.value) return;
    if (options) this.#offer(answer);
    if (!use) return;
    this.#showProblem(text, answer.problems);
    if (answer.problems.length === 0 && text !== this.#inspector.wantedFilter) this.#inspector.filter(text);
  }

  #answered(): void {
    const { filterText, filterProblems } = this.#inspector.model;
    if (document.activeElement !== this.input && this.input.value !== filterText) this.input.value = filterText;
    if (this.input.value === filterText) this.#showProblem(filterText, filterProblems);
  }

  #showProblem(text: string, [problem]: readonly FilterProblem[]): void {
    setAttribute(this.input, 'aria-invalid', problem ? 'true' : undefined);
    if (!problem) {
      this.#problem.replaceChildren();
      return;
    }
    const { start, end, message } = problem;
    const marked = text.slice(start, Math.max(end, start + 1));
    this.#problem.replaceChildren(
      element(
        'code',
        {},
        text.slice(0, start),
        element('mark', {}, marked === '' ? ' ' : marked),
        text.slice(Math.max(end, start + 1)),
      ),
      element('span', {}, ` ✖ ${message} (at ${start + 1})`),
    );
  }

  #offer({ start, end, options }: Completed): void {
    const typed = this.input.value.slice(start, end);
    this.#completions = options.filter(({ text }) => text !== typed).slice(0, MOST_OPTIONS);
    this.#range = { start, end };
    this.#active = -1;
    this.#options.replaceChildren(
      ...this.#completions.map(({ text, summary }, index) =>
        element(
          'li',
          { role: 'option', id: `filter-option-${index}`, 'aria-selected': 'false' },
          element('span', { class: 'option-text' }, text),
          element('span', { class: 'option-summary' }, summary),
        ),
      ),
    );
    this.#options.removeAttribute('aria-busy');
    this.#setOpen(this.#completions.length > 0);
  }

  #take(index: number): void {
    const option = this.#completions[index];
    if (!option) return;
    const { start, end } = this.#range;
    const before = this.input.value.slice(0, start) + option.text;
    this.input.value = before + this.input.value.slice(end);
    this.input.setSelectionRange(before.length, before.length);
    this.#typed();
  }

  #pressed(event: KeyboardEvent): void {
    const isOpen = !this.#options.hidden;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined) {
      event.preventDefault();
      const { length } = this.#completions;
      if (isOpen && length > 0) this.#activate((this.#active + step + length) % length);
      else this.#ask({ options: true });
    } else if ((event.key === 'Tab' && isOpen && this.#active >= 0) || (event.key === 'Enter' && this.#active >= 0)) {
      event.preventDefault();
      this.#take(this.#active);
    } else if (event.key === 'Enter') {
      this.#close();
      this.#apply();
    } else if (event.key === 'Escape') {
      event.stopPropagation();
      if (isOpen) this.#close();
      else this.root.dispatchEvent(new CustomEvent('leave', { bubbles: true }));
    }
  }

  #activate(index: number): void {
    this.#active = index;
    for (const [at, option] of [...this.#options.children].entries()) {
      option.setAttribute('aria-selected', String(at === index));
      if (at === index) option.scrollIntoView({ block: 'nearest' });
    }
    setAttribute(this.input, 'aria-activedescendant', index < 0 ? undefined : `filter-option-${index}`);
  }

  #close(): void {
    this.#awaits.options = false;
    this.#setOpen(false);
    this.#activate(-1);
  }

  #setOpen(isOpen: boolean): void {
    this.#options.hidden = !isOpen;
    this.input.setAttribute('aria-expanded', String(isOpen));
    if (!isOpen) this.input.removeAttribute('aria-activedescendant');
  }
}
