/** The columns of the list of exchanges: what was asked, each step with the time that it took, and how it ended. */
import { legsOf, type Exchange } from '@omqtt/inspect';
import type { Row } from '../../src/api/row.ts';
import type { Exchanges } from '../feed/peeks.ts';
import { formatDelta, formatDuration } from '../time-format.ts';
import { placeColumns, type Column, type RowContext } from './columns.ts';

export const exchangeColumns: readonly Column[] = [
  placeColumns.number,
  placeColumns.time,
  placeColumns.client,
  placeColumns.direction,
  { name: 'kind', title: 'Exchange', text: kindText },
  { name: 'summary', title: 'Asked', text: ({ summary }) => summary },
  { name: 'steps', title: 'Steps', label: 'Packets, with the time since the one before', text: stepsText },
  { name: 'pair', title: 'State', text: stateText },
  { name: 'trip', title: 'Round trip', text: tripText },
  placeColumns.findings,
];

/** A request is of more interest than the acknowledgement of its message. */
function mainOf(row: Row, exchanges: Exchanges | undefined): Row['pair'] | Exchange {
  const request = exchanges?.request;
  return request?.steps[0]?.number === row.number ? request : row.pair;
}

export function isWaiting(row: Row, exchanges: Exchanges | undefined): boolean {
  return mainOf(row, exchanges)?.status === 'open';
}

function kindText(row: Row, { exchanges }: RowContext): string {
  const main = mainOf(row, exchanges);
  if (row.pair && row.pair.first !== row.number) return `${row.type} again`;
  if (main?.kind === 'publish') return `publish q${row.qos ?? '?'}`;
  return main?.kind ?? row.type;
}

function stepsText({ type, pair }: Row, { exchanges }: RowContext): string {
  const own = exchanges?.pair;
  const request = exchanges?.request;
  if (!own && !request) return pair && pair.last !== pair.first ? `${type.toUpperCase()} → …` : type.toUpperCase();
  const steps = own ? chain(own) : type.toUpperCase();
  return request && request.steps.length > 1 ? `${steps} · response ${lastLeg(request)}` : steps;
}

function chain(exchange: Exchange): string {
  const [first] = exchange.steps;
  const legs = legsOf(exchange).map(({ type, milliseconds }) => `${type.toUpperCase()} ${formatDelta(milliseconds)}`);
  return [first?.type.toUpperCase() ?? '', ...legs].join(' → ');
}

function lastLeg(exchange: Exchange): string {
  const [first] = exchange.steps;
  const last = exchange.steps.at(-1);
  return first && last ? `#${last.number} ${formatDelta(last.at - first.at)}` : '';
}

function stateText(row: Row, { exchanges, now }: RowContext): string {
  switch (mainOf(row, exchanges)?.status) {
    case 'open':
      return now === undefined ? '… no answer' : `… waiting ${formatWait(now - row.at)}`;
    case 'done':
      return '✓ done';
    case 'refused':
      return '✖ refused';
    case 'lost':
      return '∅ lost';
    case undefined:
      return '';
  }
}

/** In whole seconds, because it is written anew each second. */
function formatWait(milliseconds: number): string {
  return milliseconds < 1000 ? '' : formatDuration(Math.floor(milliseconds / 1000) * 1000);
}

function tripText(row: Row, { exchanges }: RowContext): string {
  const time = mainOf(row, exchanges)?.roundTripMs;
  return time === undefined ? '' : formatDuration(time);
}
