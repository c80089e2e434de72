/** The only way in which the page makes elements. What comes in as a string stays text: nothing is ever read as HTML. */
import { escapeText } from '@omqtt/inspect';

export type Attributes = Readonly<Record<string, string | number | boolean | undefined>>;
export type Child = Node | string | undefined;

/** `true` sets an empty attribute; `false` and `undefined` none. Names of attributes are always those of the page itself. */
export function element<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  attributes: Attributes = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[Name] {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== false) made.setAttribute(key, value === true ? '' : String(value));
  }
  made.append(...children.filter((child) => child !== undefined));
  return made;
}

/** A button that does something when it is clicked, or when a key presses it. */
export function button(attributes: Attributes, press: () => void, ...children: readonly Child[]): HTMLButtonElement {
  const made = element('button', { type: 'button', ...attributes }, ...children);
  made.addEventListener('click', press);
  return made;
}

const ESCAPES = /(\\(?:x[0-9a-f]{2}|u\{[0-9a-f]+\}|[nrt\\]))/u;

/** Past this the escapes of one text do not stand out any more: a payload of nothing else would be as many elements. */
const MOST_ESCAPES = 1000;

/** Text from the network: what could hide, or turn the direction of writing, is shown as an escape that stands out. */
export function visibleText(text: string): Child[] {
  const parts = escapeText(text).split(ESCAPES);
  const marked = parts
    .slice(0, MOST_ESCAPES * 2)
    .map((part, index) => (index % 2 === 1 ? element('span', { class: 'escape' }, part) : part));
  return [...marked, parts.slice(MOST_ESCAPES * 2).join('')].filter((part) => part !== '');
}

/** Puts text in only when it is another one: a list that follows traffic does it thousands of times a second. */
export function setText(target: Element, text: string): void {
  if (target.textContent !== text) target.textContent = text;
}

/** `undefined` takes the attribute away. */
export function setAttribute(target: Element, name: string, value: string | undefined): void {
  if (value === undefined) target.removeAttribute(name);
  else if (target.getAttribute(name) !== value) target.setAttribute(name, value);
}
