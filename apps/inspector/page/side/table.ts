/** A table of counts. */
import { element, type Child } from '../dom/element.ts';

/** Numbers stand at the right, so that they can be compared. */
const OF_NUMBERS = /^(?:Messages|Rate|Payload|Bytes|Times|→ .*|← .*|Exchanges|Median|99 %|Longest|Findings)$/;

export function table(heads: readonly string[], rows: readonly (readonly Child[])[]): HTMLElement {
  const kinds = heads.map((head) => (OF_NUMBERS.test(head) ? 'of-number' : undefined));
  const headCells = heads.map((head, index) => element('th', { scope: 'col', class: kinds[index] }, head));
  const lines = rows.map((cells) =>
    element('tr', {}, ...cells.map((cell, index) => element('td', { class: kinds[index] }, cell))),
  );
  return element('table', {}, element('thead', {}, element('tr', {}, ...headCells)), element('tbody', {}, ...lines));
}
