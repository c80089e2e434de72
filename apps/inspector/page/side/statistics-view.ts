/** The view of counts. */
import { escapeText } from '@omqtt/inspect';
import type { StatisticsView } from '../../src/api/tally-view.ts';
import { button, element } from '../dom/element.ts';
import { lintTerm, quoted } from '../filter/filter-terms.ts';
import type { Inspector } from '../inspector.ts';
import { formatBytes, formatCount, formatDuration } from '../time-format.ts';
import { table } from './table.ts';

/** `choose` gets the filter for what was clicked. */
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

const clientHeads = ['Client', '→ to server', '← to client', 'Messages', 'Bytes', 'Findings'];

function counts(
  { types, roundTrips, findings, clients }: StatisticsView,
  choose: (filter: string) => void,
): HTMLElement[] {
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
  const clientRows = clients.map(({ clientId, c2s, s2c, messages, bytes, findings: found }) => [
    button({ class: 'small' }, () => choose(`client=${quoted(clientId)}`), element('bdi', {}, escapeText(clientId))),
    formatCount(c2s),
    formatCount(s2c),
    formatCount(messages),
    formatBytes(bytes),
    formatCount(found),
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
    ...(clientRows.length > 0 ? [element('h3', {}, 'Clients'), table(clientHeads, clientRows)] : []),
    element('h3', {}, 'Findings'),
    findingRows.length > 0
      ? table(['Statement', 'Times', 'What is wrong'], findingRows)
      : element('p', {}, 'Nothing was found.'),
  ];
}
