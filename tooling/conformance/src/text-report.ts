import type { Row } from './coverage.ts';
import { openRows } from './requirement.ts';
import type { Requirement } from './requirement.ts';
import { rowText } from './row-text.ts';
import { versions } from './statement.ts';
import { summaryText } from './summary.ts';

export interface ReportParts {
  /** The rows that the options leave over. */
  readonly shown: readonly Row[];
  readonly listed: readonly Row[];
  readonly requirements: readonly Requirement[];
  readonly problems: readonly string[];
}

/** The whole report in plain text, what fails at its end. */
export function textReport({ shown, listed, requirements, problems }: ReportParts): string {
  const excepted = shown.filter(({ state }) => state === 'excepted');
  const sections = [
    listed.map(rowText).join('\n\n'),
    summaryText(shown),
    section(`Exceptions: ${excepted.length || 'none'}`, excepted.map(rowText)),
    ...requirements.map(requirementText),
  ];
  if (problems.length > 0) sections.push(section(`Problems: ${problems.length}`, problems));
  return `${sections.filter((text) => text !== '').join('\n\n')}\n`;
}

function requirementText({ layer, rows, shared }: Requirement): string {
  const open = openRows(rows);
  const verdict = open.length === 0 ? 'is met' : `is NOT met: ${open.length} open`;
  return [
    section(`Required: ${layer} (${share(rows)}) ${verdict}`, open.map(rowText)),
    section(
      `Shared with ${layer}, primary check elsewhere, not required (${share(shared)})`,
      openRows(shared).map(rowText),
    ),
  ].join('\n\n');
}

function share(rows: readonly Row[]): string {
  return versions
    .map((version) => {
      const ofVersion = rows.filter(({ statement }) => statement.version === version);
      return `${version}: ${ofVersion.length - openRows(ofVersion).length} of ${ofVersion.length}`;
    })
    .join(', ');
}

function section(heading: string, entries: readonly string[]): string {
  return [heading, ...entries.map((entry) => `  ${entry}`)].join('\n');
}
