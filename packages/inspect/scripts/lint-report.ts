/**
 * Writes LINT.md: which statement of MQTT 5.0 which rule watches, and why none does. With `--check` it writes nothing, and
 * fails when the page is not that of the rules.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fieldStatements, rules } from '../src/index.ts';
import { acrossOnly, whyNotLinted } from './unlinted.ts';

interface Statement {
  readonly id: string;
  readonly binds: string;
  readonly gist: string;
}

const page = join(import.meta.dirname, '../LINT.md');
const list = join(import.meta.dirname, '../../../tooling/conformance/statements/mqtt-5.0.json');

function report(): string {
  const statements = JSON.parse(readFileSync(list, 'utf8')) as readonly Statement[];
  const rows = statements.map((statement) => ({ ...statement, watched: watchersOf(statement.id) }));
  const linted = rows.filter(({ watched }) => watched.length > 0);
  const open = rows.filter(({ watched }) => watched.length === 0);
  const across = open.filter(({ id }) => acrossOnly.has(id));
  return [
    '# What the lint knows of MQTT 5.0',
    '',
    '<!-- Written by packages/inspect/scripts/lint-report.ts -->',
    '',
    `${rules.length} rules watch ${linted.length} of ${rows.length} statements. ${across.length} more are visible only when`,
    `several connections are compared, which the lint does not do, and ${open.length - across.length} cannot be seen in packets.`,
    'A rule says that a statement is broken when it sees it; it does not see every way of breaking it.',
    '',
    '| statement | in short | binds | linted by, or why not |',
    '| --- | --- | --- | --- |',
    ...rows.map(({ id, gist, binds, watched }) => {
      const last = watched.length > 0 ? watched.map((name) => `\`${name}\``).join(', ') : (whyNotLinted(id) ?? 'OPEN');
      return `| ${id} | ${gist.replaceAll('|', '\\|')} | ${binds} | ${last} |`;
    }),
    '',
  ].join('\n');
}

function watchersOf(id: string): string[] {
  const names: string[] = rules.filter(({ ids }) => ids['5.0'].includes(id)).map(({ name }) => name);
  if (names.length === 0 && fieldStatements.includes(id)) return ['ill-formed-text', 'null-character'];
  return names;
}

const wanted = report();
if (wanted.includes('| OPEN |')) {
  console.error('A statement has neither a rule nor a reason: give it one in scripts/unlinted.ts.');
  process.exitCode = 1;
} else if (!process.argv.includes('--check')) writeFileSync(page, wanted);
else if (!isSame(readFileSync(page, 'utf8'), wanted)) {
  console.error('LINT.md is not that of the rules. Write it anew:');
  console.error('node --conditions=@omqtt/source packages/inspect/scripts/lint-report.ts, then format it');
  process.exitCode = 1;
}

function isSame(one: string, other: string): boolean {
  return withoutPadding(one) === withoutPadding(other);
}

/** The formatter pads the columns of the table. */
function withoutPadding(text: string): string {
  return text.replace(/ +/g, ' ').replace(/-+/g, '-').replace(/\s+\n/g, '\n');
}
