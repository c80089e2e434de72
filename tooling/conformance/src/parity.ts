/** `npm run parity` writes `docs/parity.md`; with `--check` it fails when that is stale, or a row has neither test nor reason. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { parityDocument } from './parity/document.ts';
import { readParityRows } from './parity/rows.ts';
import { computeParity } from './parity/table.ts';
import { readTestFiles } from './test-files.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const file = new URL('../../../docs/parity.md', import.meta.url);

const table = computeParity(readParityRows(), readTestFiles(root));
const text = parityDocument(table);
const before = existsSync(file) ? readFileSync(file, 'utf8') : '';
const isChecking = process.argv.includes('--check');
if (!isChecking) writeFileSync(file, text);

const problems = [
  ...table.problems,
  ...(isChecking && before !== text
    ? ['docs/parity.md is stale: run `npm run parity`, and commit what it wrote.']
    : []),
];
for (const problem of problems) console.error(problem);
const open = table.rows.filter((row) => row.open !== undefined).map(({ id }) => id);
console.log(`${table.rows.length} rows, open: ${open.join(', ') || 'none'}; ${problems.length} problems`);
process.exitCode = problems.length === 0 ? 0 : 1;
