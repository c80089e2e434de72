import type { TestFile } from '../test-files.ts';
import { findTestTitles } from '../test-titles.ts';
import type { TestTitle } from '../test-titles.ts';
import { UnreadableSourceError } from '../tokens.ts';
import type { ParityRow } from './rows.ts';
import { readTitleRows, withoutTags } from './title-rows.ts';

/** A test that shows a row. */
export interface NamedTest {
  readonly file: string;
  readonly name: string;
}

export interface ShownRow extends ParityRow {
  readonly tests: readonly NamedTest[];
}

export interface ParityTable {
  readonly rows: readonly ShownRow[];
  /** One of them makes the check fail. */
  readonly problems: readonly string[];
}

/** Joins the rows with the tests that name them. A row without a test needs a reason. */
export function computeParity(rows: readonly ParityRow[], files: readonly TestFile[]): ParityTable {
  const tests = new Map(rows.map(({ id }) => [id, new Array<NamedTest>()]));
  const problems = files.flatMap((file) => collectFrom(file, tests));
  const shown = rows.map((row) => ({ ...row, tests: tests.get(row.id) ?? [] }));
  const bare = shown.filter((row) => row.tests.length === 0 && row.open === undefined);
  problems.push(...bare.map(({ id, what }) => `${id} has no test: ${what}`));
  return { rows: shown, problems };
}

function collectFrom(file: TestFile, tests: ReadonlyMap<string, NamedTest[]>): readonly string[] {
  try {
    return findTestTitles(file.source).flatMap((title) => collectFromTitle(file.path, title, tests));
  } catch (error) {
    if (!(error instanceof UnreadableSourceError)) throw error;
    return [`${file.path}:${error.line} ${error.message}; the file's rows are not known.`];
  }
}

function collectFromTitle(
  file: string,
  { text, within, line, runs }: TestTitle,
  tests: ReadonlyMap<string, NamedTest[]>,
): readonly string[] {
  const { ids, faults } = readTitleRows(text);
  const problems = [...faults];
  const name = [...within, text].map(withoutTags).filter(Boolean).join(': ');
  for (const id of ids) {
    const known = tests.get(id);
    if (known === undefined) problems.push(`There is no row ${id}.`);
    else if (!runs) problems.push(`A test that does not run shows nothing of ${id}.`);
    else known.push({ file, name });
  }
  return problems.map((problem) => `${file}:${line} ${problem}`);
}
