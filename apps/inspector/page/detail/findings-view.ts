/** What is wrong with a packet: the statement that it breaks, who broke it, where, and what to do. */
import { escapeText, type Finding } from '@omqtt/inspect';
import { button, element } from '../dom/element.ts';
import { severitySigns } from '../list/columns.ts';
import type { RangeLink } from './byte-range.ts';

export function findingsView(findings: readonly Finding[], link: RangeLink): HTMLElement | undefined {
  if (findings.length === 0) return undefined;
  return element(
    'ul',
    { class: 'findings', 'aria-label': 'Findings' },
    ...findings.map((finding) => findingItem(finding, link)),
  );
}

function findingItem({ severity, ids, side, message, fix, start, end }: Finding, link: RangeLink): HTMLElement {
  const head = element(
    'div',
    { class: 'finding-head' },
    element('span', { class: 'finding-sign', 'aria-hidden': 'true' }, severitySigns[severity]),
    element('strong', {}, severity),
    element('span', { class: 'finding-ids' }, ids.join(' ')),
    element('span', { class: 'finding-side' }, `by the ${side}`),
    button(
      { class: 'small', title: 'Show these bytes' },
      () => link.mark({ start, end: Math.max(end, start + 1) }),
      `bytes ${start}–${end}`,
    ),
  );
  return element(
    'li',
    { class: 'finding', 'data-severity': severity },
    head,
    element('p', {}, element('bdi', {}, escapeText(message))),
    element('p', { class: 'finding-fix' }, 'Fix: ', escapeText(fix)),
  );
}
