/** The fields of a packet as a tree: what each is, what it means, and where its bytes stand. */
import { fieldAt, formatValue, type FieldNode, type FieldValue } from '@omqtt/inspect';
import { element, setAttribute, visibleText, type Child } from '../dom/element.ts';
import type { RangeLink } from './byte-range.ts';

/** A packet may have thousands of filters; past this a branch says how many more there are. */
const MOST_CHILDREN = 200;

interface Item {
  readonly field: FieldNode;
  readonly root: HTMLElement;
  readonly parent: Item | undefined;
}

export class FieldTree {
  readonly root: HTMLElement = element('ul', { class: 'tree', role: 'tree', 'aria-label': 'Fields' });
  readonly #link: RangeLink;
  #fields: readonly FieldNode[] = [];
  #items: Item[] = [];
  #active: Item | undefined;

  constructor(link: RangeLink) {
    this.#link = link;
    link.on((range) => {
      if (!range) return;
      const field = range.path === undefined ? fieldAt(this.#fields, range.start) : undefined;
      const path = range.path ?? field?.path;
      this.#activate(this.#items.find((item) => item.field.path === path));
    });
    this.root.addEventListener('click', (event) => {
      const item = this.#itemOf(event.target);
      if (!item) return;
      if (event.target instanceof Element && event.target.closest('.twist')) this.#toggle(item);
      this.#choose(item);
    });
    this.root.addEventListener('keydown', (event) => this.#pressed(event));
  }

  /** The field that the keyboard is at. */
  get active(): FieldNode | undefined {
    return this.#active?.field;
  }

  show(fields: readonly FieldNode[]): void {
    this.#fields = fields;
    this.#items = [];
    this.#active = undefined;
    this.root.replaceChildren(...fields.map((field) => this.#branch(field, undefined)));
    setAttribute(this.#items[0]?.root ?? this.root, 'tabindex', '0');
  }

  /** Opens all branches, or closes them when all are open. */
  expandAll(): void {
    const closed = this.#items.filter(({ root }) => root.getAttribute('aria-expanded') === 'false');
    const branches = closed.length > 0 ? closed : this.#items.filter(({ root }) => root.hasAttribute('aria-expanded'));
    for (const { root } of branches) root.setAttribute('aria-expanded', String(closed.length > 0));
  }

  #branch(field: FieldNode, parent: Item | undefined): HTMLElement {
    const { children = [] } = field;
    const root = element('li', {
      role: 'treeitem',
      tabindex: -1,
      'aria-expanded': children.length > 0 ? 'true' : undefined,
    });
    const item: Item = { field, root, parent };
    this.#items.push(item);
    root.append(lineOf(field));
    if (children.length === 0) return root;
    const branches = children.slice(0, MOST_CHILDREN).map((child) => this.#branch(child, item));
    const left = children.length - branches.length;
    if (left > 0) branches.push(element('li', { role: 'none', class: 'quiet' }, `… ${left} more`));
    root.append(element('ul', { role: 'group' }, ...branches));
    return root;
  }

  #itemOf(target: EventTarget | null): Item | undefined {
    const root = target instanceof Element ? target.closest('[role=treeitem]') : undefined;
    return this.#items.find((item) => item.root === root);
  }

  #choose(item: Item): void {
    this.#activate(item);
    item.root.focus({ preventScroll: true });
    const { start, end, path } = item.field;
    this.#link.mark({ start, end, path });
  }

  #activate(item: Item | undefined): void {
    for (const each of this.#items) {
      const isActive = each === item;
      setAttribute(each.root, 'aria-selected', isActive ? 'true' : undefined);
      setAttribute(each.root, 'tabindex', isActive ? '0' : '-1');
    }
    this.#active = item;
    if (!item) {
      setAttribute(this.#items[0]?.root ?? this.root, 'tabindex', '0');
      return;
    }
    for (let above = item.parent; above; above = above.parent) above.root.setAttribute('aria-expanded', 'true');
    item.root.firstElementChild?.scrollIntoView({ block: 'nearest' });
  }

  #toggle({ root }: Item): void {
    if (!root.hasAttribute('aria-expanded')) return;
    root.setAttribute('aria-expanded', String(root.getAttribute('aria-expanded') !== 'true'));
  }

  #pressed(event: KeyboardEvent): void {
    const item = this.#itemOf(event.target);
    if (!item || event.ctrlKey || event.metaKey || event.altKey) return;
    const visible = this.#items.filter(({ root }) => root.offsetParent !== null);
    const at = visible.indexOf(item);
    const isOpen = item.root.getAttribute('aria-expanded') === 'true';
    const moves: Readonly<Record<string, () => Item | undefined>> = {
      ArrowDown: () => visible[at + 1],
      ArrowUp: () => visible[at - 1],
      Home: () => visible[0],
      End: () => visible.at(-1),
      ArrowRight: () => (isOpen ? visible[at + 1] : (this.#toggle(item), item)),
      ArrowLeft: () => (isOpen ? (this.#toggle(item), item) : item.parent),
      Enter: () => (this.#toggle(item), item),
    };
    const move = moves[event.key];
    if (!move) return;
    event.preventDefault();
    event.stopPropagation();
    const next = move();
    if (next) this.#choose(next);
  }
}

function lineOf({ name, value, note, start, end, bits, children }: FieldNode): HTMLElement {
  const place = bits === undefined ? `${start}–${end}` : `${start}, bits ${bits.toString(2).padStart(8, '0')}`;
  const parts: Child[] = [
    element('span', { class: 'twist', 'aria-hidden': 'true' }, children && children.length > 0 ? '' : '·'),
    element('span', { class: 'field-name' }, ...visibleText(name)),
  ];
  if (value !== undefined) parts.push(element('span', { class: 'field-value' }, ...valueOf(value)));
  if (note !== undefined) parts.push(element('span', { class: 'field-note' }, ...visibleText(note)));
  parts.push(element('span', { class: 'field-place' }, place));
  return element('div', { class: 'field' }, ...parts);
}

// `formatValue` has escaped it once already: escaping it again would double the backslashes.
function valueOf(value: FieldValue): Child[] {
  return [element('bdi', {}, formatValue(value))];
}
