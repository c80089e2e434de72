import type { Citation } from './citations.ts';
import type { Exception } from './exceptions.ts';
import { sideOf, sides } from './side.ts';
import type { Side } from './side.ts';
import { statementKey } from './statement.ts';
import type { Statement } from './statement.ts';

export type State = 'covered' | 'open' | 'excepted';

/** What is known about one statement on one side. */
export interface Row {
  readonly statement: Statement;
  readonly side: Side;
  readonly state: State;
  readonly citations: readonly Citation[];
  /** Why no test can cover it; only when excepted. */
  readonly reason: string | undefined;
}

export interface Coverage {
  readonly rows: readonly Row[];
  /** Exceptions that excuse nothing; one of them makes the report fail. */
  readonly problems: readonly string[];
}

/** Joins statements with the tests that name them, once for each side that they concern. */
export function computeCoverage(
  statements: readonly Statement[],
  citations: readonly Citation[],
  exceptions: readonly Exception[],
): Coverage {
  const rows = sides.flatMap((side) =>
    statements
      .filter((statement) => concerns(statement, side))
      .map((statement) => computeRow(statement, side, { citations, exceptions })),
  );
  const problems = exceptions
    .filter(({ key, side }) => !rows.some((row) => isExcepted(row, key, side)))
    .map(({ key, side }) => `The exception of ${key} (${side}) excuses nothing; remove it.`);
  return { rows, problems };
}

/**
 * A client library answers for everything that means something to it, also for what only binds the
 * server. A broker answers for what binds it, whether or not a client could notice.
 */
function concerns(statement: Statement, side: Side): boolean {
  return side === 'client' ? statement.role !== 'none' : statement.binds !== 'client';
}

function computeRow(
  statement: Statement,
  side: Side,
  known: { readonly citations: readonly Citation[]; readonly exceptions: readonly Exception[] },
): Row {
  const key = statementKey(statement.version, statement.id);
  const citations = known.citations.filter((citation) => citation.key === key && sideOf(citation.file) === side);
  if (citations.some(({ runs }) => runs)) {
    return { statement, side, state: 'covered', citations, reason: undefined };
  }
  const exception = known.exceptions.find((one) => one.key === key && one.side === side);
  const state = exception === undefined ? 'open' : 'excepted';
  return { statement, side, state, citations, reason: exception?.reason };
}

function isExcepted(row: Row, key: string, side: Side): boolean {
  const { version, id } = row.statement;
  return row.state === 'excepted' && row.side === side && statementKey(version, id) === key;
}
