/** The columns of the list, and what each shows of a row. Status is told by shape and word, never by colour alone. */
import { escapeText, type Severity } from '@omqtt/inspect';
import type { Row } from '../../src/api/row.ts';
import type { Exchanges } from '../feed/peeks.ts';
import type { Mark } from '../marks.ts';
import { formatDelta, formatDuration, formatTime, type TimeMode } from '../time-format.ts';

export interface RowContext {
  readonly timeMode: TimeMode;
  /** Time of the packet that is selected. */
  readonly origin: number | undefined;
  readonly before: Row | undefined;
  readonly mark: Mark | undefined;
  /** As far as they have been asked for. */
  readonly exchanges: Exchanges | undefined;
  /** Of the server's clock; `undefined` when no answer can come any more. */
  readonly now: number | undefined;
}

export interface Column {
  readonly name: string;
  readonly title: string;
  /** For readers that hear it, when the title is a sign. */
  readonly label?: string;
  text(row: Row, context: RowContext): string;
  /** What a reader hears instead of a sign. */
  spoken?(row: Row, context: RowContext): string | undefined;
}

export const severitySigns: Readonly<Record<Severity, string>> = { error: '✖', warning: '▲', note: '●' };

/** Those that both lists have. */
export const placeColumns = {
  number: {
    name: 'number',
    title: '#',
    label: 'Number',
    text: ({ number }, { mark }) => (mark ? `⚑${number}` : String(number)),
    spoken: ({ number }, { mark }) => (mark ? `${number}, marked: ${mark.comment}` : undefined),
  },
  time: { name: 'time', title: 'Time', text: ({ at }, { timeMode, origin }) => formatTime(at, timeMode, origin) },
  client: { name: 'client', title: 'Client', text: ({ clientId, connection }) => escapeText(clientId || connection) },
  direction: {
    name: 'direction',
    title: '⇄',
    label: 'Direction',
    text: ({ direction }) => (direction === 'c2s' ? '→' : '←'),
    spoken: ({ direction }) => (direction === 'c2s' ? 'client to server' : 'server to client'),
  },
  findings: { name: 'findings', title: 'Lint', label: 'Findings', text: findingsText, spoken: findingsSpoken },
} as const satisfies Readonly<Record<string, Column>>;

export const packetColumns: readonly Column[] = [
  placeColumns.number,
  placeColumns.time,
  {
    name: 'delta',
    title: 'Δ',
    label: 'Time since the row before',
    text: ({ at }, { before }) => (before ? formatDelta(at - before.at) : ''),
  },
  placeColumns.client,
  placeColumns.direction,
  { name: 'type', title: 'Type', text: ({ type }) => type.toUpperCase() },
  {
    name: 'id',
    title: 'Id',
    label: 'Packet identifier',
    text: ({ packetId }) => (packetId === undefined ? '' : String(packetId)),
  },
  {
    name: 'summary',
    title: 'Summary',
    text: ({ summary }, { mark }) => (mark?.comment ? `${summary}  ⚑ ${escapeText(mark.comment)}` : summary),
  },
  { name: 'size', title: 'Bytes', text: ({ size }) => String(size) },
  { name: 'pair', title: 'Round trip', text: pairText },
  placeColumns.findings,
];

function pairText({ pair }: Row): string {
  if (!pair) return '';
  const time = pair.roundTripMs === undefined ? '' : formatDuration(pair.roundTripMs);
  switch (pair.status) {
    case 'open':
      return '… open';
    case 'done':
      return `✓ ${time}`;
    case 'refused':
      return `✖ refused ${time}`;
    case 'lost':
      return '∅ lost';
  }
}

function findingsText({ severity, findings = 0 }: Row): string {
  return severity === undefined ? '' : `${severitySigns[severity]} ${findings}`;
}

function findingsSpoken({ severity, findings = 0 }: Row): string | undefined {
  return severity === undefined
    ? undefined
    : `${findings} ${findings === 1 ? 'finding' : 'findings'}, worst: ${severity}`;
}
