import { statementKey, versions } from './statement.ts';
import type { Statement, Version } from './statement.ts';
import { findTestTitles } from './test-titles.ts';
import type { TestFile } from './test-files.ts';
import { readTitleIds } from './title-ids.ts';
import { UnreadableSourceError } from './tokens.ts';

/** A place where a test names a statement. */
export interface Citation {
  readonly key: string;
  readonly file: string;
  readonly line: number;
  readonly title: string;
  /** False when the test is skipped or expected to fail: it covers nothing. */
  readonly runs: boolean;
}

export interface Citations {
  readonly citations: readonly Citation[];
  /** Sentences that begin with `file:line`; one of them makes the report fail. */
  readonly problems: readonly string[];
}

/** Collects the statements that the titles of the given files name. */
export function collectCitations(files: readonly TestFile[], statements: ReadonlyMap<string, Statement>): Citations {
  const citations: Citation[] = [];
  const problems: string[] = [];
  for (const file of files) {
    try {
      collectFromFile(file, statements, { citations, problems });
    } catch (error) {
      if (!(error instanceof UnreadableSourceError)) throw error;
      problems.push(`${file.path}:${error.line} ${error.message}; the file's ids are not known.`);
    }
  }
  return { citations, problems };
}

function collectFromFile(
  file: TestFile,
  statements: ReadonlyMap<string, Statement>,
  found: { readonly citations: Citation[]; readonly problems: string[] },
): void {
  for (const title of findTestTitles(file.source)) {
    const { ids, faults } = readTitleIds(title.text);
    const place = `${file.path}:${title.line}`;
    found.problems.push(...faults.map((fault) => `${place} ${fault}`));
    for (const { version, id } of ids) {
      const key = statementKey(version, id);
      if (!statements.has(key)) {
        found.problems.push(`${place} ${describeUnknown(version, id, statements)}`);
        continue;
      }
      const { line, text, runs } = title;
      found.citations.push({ key, file: file.path, line, title: text, runs });
    }
  }
}

function describeUnknown(version: Version, id: string, statements: ReadonlyMap<string, Statement>): string {
  const fault = `MQTT ${version} has no statement ${id}`;
  for (const statement of statements.values()) {
    if (statement.version === version && statement.otherIds.includes(id)) {
      return `${fault}; it is listed as ${statement.id}.`;
    }
  }
  const other = versions.find((known) => known !== version && statements.has(statementKey(known, id)));
  return other === undefined ? `${fault}.` : `${fault}; MQTT ${other} has one.`;
}
