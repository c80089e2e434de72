/** The views beside the list: topics with their rates, and counts. */
import { escapeText } from '@omqtt/inspect';
import type { StatisticsView } from '../../src/api/tally-view.ts';
import { button, element, type Child } from '../dom/element.ts';
import { lintTerm, quoted } from '../filter/filter-terms.ts';
import type { Inspector } from '../inspector.ts';
import { formatBytes, formatCount, formatDuration, formatTime } from '../time-format.ts';

/** `choose` gets the filter for what was clicked. */
export function topicsView(inspector: Inspector, choose: (filter: string) => void): HTMLElement {
  const { hub, model } = inspector;
  const root = element('section', { class: 'table-view', 'aria-label': 'Topics', tabindex: 0 });
  const leadTo = (number: number): void => {
    inspector.show('packets');
    void inspector.goTo(number);
  };
  hub.on(['topics', 'view'], () => {
    const { topics, topicsLeft } = model;
    const rows = topics.map(({ topic, messages, perSecond, payloadBytes, isRetained, lastAt, lastNumber }) => [
      button({ class: 'small' }, () => choose(`topic=${quoted(topic)}`), element('bdi', {}, escapeText(topic))),
      formatCount(messages),
      perSecond === 0 ? '' : `${perSecond}/s`,
      formatBytes(payloadBytes),
      isRetained ? '◆ retained' : '',
      button({ class: 'small' }, () => leadTo(lastNumber), `#${lastNumber}`),
      formatTime(lastAt, 'local', undefined),
    ]);
    root.replaceChildren(
      element('h2', {}, 'Topics'),
      table(['Topic', 'Messages', 'Rate', 'Payload', 'Kept', 'Last', 'Time'], rows),
      topicsLeft > 0 ? element('p', { class: 'quiet' }, `… ${formatCount(topicsLeft)} more topics`) : '',
    );
  });
  return root;
}

export function statisticsView({ hub, model }: Inspector, choose: (filter: string) => void): HTMLElement {
  const root = element('section', { class: 'table-view', 'aria-label': 'Statistics', tabindex: 0 });
  hub.on(['statistics', 'view'], () => {
    const { statistics } = model;
    root.replaceChildren(
      element('h2', {}, 'Statistics'),
      ...(statistics ? counts(statistics, choose) : [element('p', {}, 'Counting…')]),
    );
  });
  return root;
}

function counts({ types, roundTrips, findings }: StatisticsView, choose: (filter: string) => void): HTMLElement[] {
  const typeRows = types.map(({ type, c2s, s2c, bytes }) => [
    button({ class: 'small' }, () => choose(`type:${type}`), type.toUpperCase()),
    formatCount(c2s),
    formatCount(s2c),
    formatBytes(bytes),
  ]);
  const findingRows = findings.map(({ id, count, message }) => [
    button({ class: 'small' }, () => choose(lintTerm(id)), id),
    formatCount(count),
    element('bdi', {}, escapeText(message)),
  ]);
  const times = roundTrips && [
    [
      formatCount(roundTrips.count),
      formatDuration(roundTrips.p50),
      formatDuration(roundTrips.p99),
      formatDuration(roundTrips.max),
    ],
  ];
  return [
    element('h3', {}, 'Packets'),
    table(['Type', '→ to server', '← to client', 'Bytes'], typeRows),
    ...(times ? [element('h3', {}, 'Round trips'), table(['Exchanges', 'Median', '99 %', 'Longest'], times)] : []),
    element('h3', {}, 'Findings'),
    findingRows.length > 0
      ? table(['Statement', 'Times', 'What is wrong'], findingRows)
      : element('p', {}, 'Nothing was found.'),
  ];
}

/** Numbers stand at the right, so that they can be compared. */
const OF_NUMBERS = /^(?:Messages|Rate|Payload|Bytes|Times|→ .*|← .*|Exchanges|Median|99 %|Longest)$/;

function table(heads: readonly string[], rows: readonly (readonly Child[])[]): HTMLElement {
  const kinds = heads.map((head) => (OF_NUMBERS.test(head) ? 'of-number' : undefined));
  const headCells = heads.map((head, index) => element('th', { scope: 'col', class: kinds[index] }, head));
  const lines = rows.map((cells) =>
    element('tr', {}, ...cells.map((cell, index) => element('td', { class: kinds[index] }, cell))),
  );
  return element('table', {}, element('thead', {}, element('tr', {}, ...headCells)), element('tbody', {}, ...lines));
}
