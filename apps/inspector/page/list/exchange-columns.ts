/** The columns of the list of exchanges: what was asked, each packet that followed with the time that it took, and how it ended. */
import { escapeText, legsOf, type Exchange } from '@omqtt/inspect';
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
  {
    name: 'summary',
    title: 'Asked',
    text: ({ topic, summary }) => (topic === undefined ? summary : escapeText(topic)),
  },
  {
    name: 'answer',
    title: 'Answer',
    label: 'Packets that answered, with the time since the one before',
    text: answerText,
  },
  legColumn('pubrel'),
  legColumn('pubcomp'),
  { name: 'pair', title: 'State', label: 'State and round trip', text: stateText },
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

/** The second half of QoS 2 has columns of its own, so that the times of many exchanges stand below each other. */
function legColumn(type: 'pubrel' | 'pubcomp'): Column {
  const title = type.toUpperCase();
  return {
    name: type,
    title,
    label: `${title}, time since the packet before`,
    text: (_row, { exchanges }) =>
      legsFollowing(exchanges)
        .filter((leg) => leg.type === type)
        .map(({ milliseconds }) => formatDelta(milliseconds))
        .join(' '),
  };
}

function answerText({ pair, number }: Row, { exchanges }: RowContext): string {
  // The message that answers is a row of its own, and does not answer itself.
  const request = exchanges?.request?.steps[0]?.number === number ? exchanges.request : undefined;
  if (!exchanges?.pair && !request) return pair && pair.last !== pair.first ? '…' : '';
  const answers = legsFollowing(exchanges)
    .filter(({ type }) => type !== 'pubrel' && type !== 'pubcomp')
    .map(({ type, milliseconds }) => `${type.toUpperCase()} ${formatDelta(milliseconds)}`);
  // The end of a long cell is cut off, and a response is what was asked for.
  if (request && request.steps.length > 1) answers.unshift(`response ${lastLeg(request)}`);
  return answers.join(', ');
}

function legsFollowing(exchanges: Exchanges | undefined): ReturnType<typeof legsOf> {
  return exchanges?.pair ? legsOf(exchanges.pair) : [];
}

function lastLeg(exchange: Exchange): string {
  const [first] = exchange.steps;
  const last = exchange.steps.at(-1);
  return first && last ? `#${last.number} ${formatDelta(last.at - first.at)}` : '';
}

function stateText(row: Row, { exchanges, now }: RowContext): string {
  const main = mainOf(row, exchanges);
  const time = main?.roundTripMs === undefined ? '' : ` ${formatDuration(main.roundTripMs)}`;
  switch (main?.status) {
    case 'open':
      return now === undefined ? '… no answer' : `… waiting ${formatWait(now - row.at)}`;
    case 'done':
      return `✓ done${time}`;
    case 'refused':
      return `✖ refused${time}`;
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
