import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';

import { collectCitations } from './citations.ts';
import { computeCoverage } from './coverage.ts';
import type { Row } from './coverage.ts';
import { readExceptions } from './exceptions.ts';
import { jsonReport } from './json-report.ts';
import { markdownReport } from './markdown.ts';
import { UsageError, help, parseOptions } from './options.ts';
import type { Options } from './options.ts';
import { openRows, selectRequirement } from './requirement.ts';
import { indexStatements, readStatements } from './statement-lists.ts';
import { readTestFiles } from './test-files.ts';
import { textReport } from './text-report.ts';

export interface Surroundings {
  /** The repository whose tests are read. */
  readonly root: string;
  /** The directory that a relative `--markdown` path starts from. */
  readonly directory: string;
  readonly print: (text: string) => void;
  readonly complain: (text: string) => void;
}

/** Runs the report; the result is the exit code: 1 for a failure, 2 for a wrong option. */
export function runCommand(args: readonly string[], surroundings: Surroundings): 0 | 1 | 2 {
  try {
    const options = parseOptions(args);
    if (!options.help) return report(options, surroundings);
    surroundings.print(help);
    return 0;
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    surroundings.complain(`${error.message}\n\n${help}`);
    return 2;
  }
}

function report(options: Options, { root, directory, print }: Surroundings): 0 | 1 {
  const statements = readStatements();
  const index = indexStatements(statements);
  const collected = collectCitations(readTestFiles(root), index);
  const coverage = computeCoverage(statements, collected.citations, readExceptions(index));
  const problems = [...collected.problems, ...coverage.problems];
  const requirements = options.require.map((layer) => selectRequirement(coverage.rows, layer));
  const shown = coverage.rows.filter(({ statement }) => isShown(statement, options));
  const parts = { shown, listed: listedRows(shown, options), requirements, problems };

  print(options.json ? jsonReport(parts) : textReport(parts));
  if (options.markdown !== undefined) {
    writeFileSync(resolve(directory, options.markdown), markdownReport(shown));
  }
  const isMet = requirements.every(({ rows }) => openRows(rows).length === 0);
  return isMet && problems.length === 0 ? 0 : 1;
}

function isShown({ version, check }: Row['statement'], options: Options): boolean {
  if (options.version !== undefined && options.version !== version) return false;
  return options.kind === undefined || options.kind === check;
}

// JSON is for programs, which filter for themselves: without --list it has every row.
function listedRows(rows: readonly Row[], { list, side, json }: Options): readonly Row[] {
  if (list === undefined) return json ? rows : [];
  return rows.filter((row) => row.side === side && row.state === list);
}
