/** What the lint found so far, by rule, the worst first: a click shows only the packets that break it. */
import type { Severity } from '@omqtt/inspect';
import type { StatisticsView } from '../../src/api/tally-view.ts';
import { button, element } from '../dom/element.ts';
import type { FilterBar } from '../filter/filter-bar.ts';
import { lintTerm } from '../filter/filter-terms.ts';
import type { Inspector } from '../inspector.ts';
import { severitySigns } from '../list/columns.ts';
import { formatCount } from '../time-format.ts';

type Found = StatisticsView['findings'][number];

/** The others are among the statistics. */
const MOST_RULES = 12;
const ranks: readonly Severity[] = ['error', 'warning', 'note'];

export function lintList(inspector: Inspector, filterBar: FilterBar): HTMLElement {
  const title = element('h2', {}, 'Lint');
  const severities = element('div', { class: 'severities', role: 'group', 'aria-label': 'Findings by severity' });
  const list = element('ul', { class: 'rules' });
  const rest = button({ class: 'small', hidden: true }, () => inspector.show('statistics'));
  const root = element('section', { class: 'rail-part lint', hidden: true }, title, severities, list, rest);
  let shown = '';
  inspector.hub.on(['statistics', 'filter', 'feed'], () => {
    const { statistics, filterText } = inspector.model;
    const findings = statistics?.findings ?? [];
    const content = JSON.stringify({ findings, filterText });
    if (content === shown) return;
    shown = content;
    root.hidden = findings.length === 0;
    const focused = root.contains(document.activeElement)
      ? document.activeElement?.getAttribute('data-term')
      : undefined;
    const toggle = (term: string, label: string, ...children: readonly (HTMLElement | string)[]): HTMLElement =>
      button(
        {
          class: 'rule',
          title: label,
          'aria-label': label,
          'aria-pressed': String(filterText.includes(term)),
          'data-term': term,
        },
        () => filterBar.toggle(term),
        ...children,
      );
    title.replaceChildren('Lint ', element('small', {}, formatCount(sum(findings))));
    severities.replaceChildren(...severityButtons(findings, toggle));
    list.replaceChildren(
      ...bySeverity(findings)
        .slice(0, MOST_RULES)
        .map((found) => ruleItem(found, toggle)),
    );
    rest.hidden = findings.length <= MOST_RULES;
    rest.replaceChildren(`${findings.length - MOST_RULES} more rules`);
    if (focused) [...root.querySelectorAll('button')].find(({ dataset }) => dataset['term'] === focused)?.focus();
  });
  return root;
}

type Toggle = (term: string, label: string, ...children: readonly (HTMLElement | string)[]) => HTMLElement;

function severityButtons(findings: readonly Found[], toggle: Toggle): HTMLElement[] {
  return ranks
    .map((severity) => [severity, sum(findings.filter((found) => found.severity === severity))] as const)
    .filter(([, count]) => count > 0)
    .map(([severity, count]) => {
      const label = `${count} of severity ${severity}`;
      return toggle(`severity:${severity}`, label, sign(severity), ` ${formatCount(count)}`);
    });
}

function ruleItem({ id, severity, count, message }: Found, toggle: Toggle): HTMLElement {
  const label = `${severity} ${id}, ${count} times: ${message}`;
  const number = element('small', {}, formatCount(count));
  return element('li', {}, toggle(lintTerm(id), label, sign(severity), element('span', {}, ` ${id} `), number));
}

function sign(severity: Severity): HTMLElement {
  return element('span', { class: 'rule-sign', 'data-severity': severity }, severitySigns[severity]);
}

function bySeverity(findings: readonly Found[]): Found[] {
  return findings.toSorted(
    (one, other) => ranks.indexOf(one.severity) - ranks.indexOf(other.severity) || other.count - one.count,
  );
}

function sum(findings: readonly Found[]): number {
  return findings.reduce((total, { count }) => total + count, 0);
}
