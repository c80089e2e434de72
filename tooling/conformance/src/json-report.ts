import type { Row } from './coverage.ts';
import { openRows } from './requirement.ts';
import { countRows } from './summary.ts';
import type { ReportParts } from './text-report.ts';

/** The whole report for other programs. */
export function jsonReport({ shown, listed, requirements, problems }: ReportParts): string {
  const report = {
    counts: countRows(shown),
    statements: listed.map(jsonRow),
    requirements: requirements.map(({ layer, rows, shared }) => ({
      layer,
      required: rows.length,
      open: openRows(rows).map(nameOf),
      shared: shared.length,
      sharedOpen: openRows(shared).map(nameOf),
    })),
    problems,
  };
  return `${JSON.stringify(report, undefined, 2)}\n`;
}

function jsonRow({ statement, side, state, citations, reason }: Row): object {
  const tests = citations.map(({ file, line, title, runs }) => ({ file, line, title, runs }));
  return { ...statement, side, state, reason, tests };
}

function nameOf({ statement }: Row): { readonly version: string; readonly id: string } {
  return { version: statement.version, id: statement.id };
}
