/** One packet under examination, with all that a rule may look at. */
import type { Side } from '@omqtt/codec';
import { eachField } from '../decode/field.ts';
import { senderOf } from '../direction.ts';
import { addStep, openExchange, type ExchangeKind, type OpenExchange } from '../exchange.ts';
import type { InspectionLimits } from '../limits.ts';
import { findingOf } from '../lint/finding.ts';
import type { RuleName } from '../lint/rule.ts';
import { addFinding, fieldsOf, type OpenRecord } from '../packet-record.ts';
import type { ConnectionState, Pending, SessionState } from './state.ts';

export interface ReportFacts {
  /** The field that shows it, by its path. Default: the whole packet. */
  readonly path?: string;
  /** Who is wrong. Default: the sender of the packet. */
  readonly side?: Side;
  readonly detail?: string;
  readonly ids?: string;
}

/** What all connections share. */
export interface SharedState {
  readonly limits: InspectionLimits;
  readonly sessions: Map<string, SessionState>;
  readonly connections: Map<string, ConnectionState>;
  openExchanges: number;
  /** Adds to the finding of a record that came before, if it is still there. */
  readonly reportLate: (number: number, rule: RuleName, facts: ReportFacts) => void;
  /** Says that the exchange of an earlier record has moved on. */
  readonly touch: (number: number) => void;
}

export interface Turn {
  readonly record: OpenRecord;
  readonly connection: ConnectionState;
  readonly shared: SharedState;
  readonly now: number;
}

export function report({ record }: Pick<Turn, 'record'>, rule: RuleName, facts: ReportFacts = {}): void {
  const place = placeOf(record, facts.path);
  const { version } = record;
  const { side = senderOf(record.direction), detail, ids } = facts;
  const finding = findingOf(rule, { version, side, detail, ids, ...place });
  if (finding) addFinding(record, finding);
}

/** The same, but once for a connection. */
export function reportOnce(turn: Turn, rule: RuleName, facts: ReportFacts = {}): void {
  if (turn.connection.said.has(rule)) return;
  turn.connection.said.add(rule);
  report(turn, rule, facts);
}

function placeOf(record: OpenRecord, path: string | undefined): { readonly start: number; readonly end: number } {
  if (path !== undefined) {
    for (const field of eachField(fieldsOf(record))) {
      if (field.path === path) return { start: field.start, end: field.end };
    }
  }
  return { start: 0, end: record.bytes.length };
}

/** Begins an exchange with this record, unless there are too many. */
export function begin(turn: Turn, kind: ExchangeKind): Pending {
  const exchange = openExchange(kind);
  if (kind === 'request') turn.record.request = exchange;
  else turn.record.pair = exchange;
  addStep(exchange, stepOf(turn));
  turn.shared.openExchanges += 1;
  return { number: turn.record.number, exchange, since: turn.now, isLate: false };
}

export function canBegin({ shared, connection }: Turn): boolean {
  if (shared.openExchanges < shared.limits.maximumOpenExchanges) return true;
  // What is not followed cannot be told from what was never sent.
  connection.session.isComplete = false;
  return false;
}

/** Adds this record to an exchange that goes on. */
export function join(turn: Turn, exchange: OpenExchange): void {
  turn.record.pair = exchange;
  addStep(exchange, stepOf(turn));
  for (const { number } of exchange.steps) if (number !== turn.record.number) turn.shared.touch(number);
}

export function stepOf({ record, now }: Turn): { number: number; type: OpenRecord['type']; at: number } {
  return { number: record.number, type: record.type, at: now };
}
