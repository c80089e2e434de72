import type { Row } from './coverage.ts';
import { sides } from './side.ts';
import type { Side } from './side.ts';
import { versions } from './statement.ts';

const headings: Readonly<Record<Side, string>> = {
  client: 'client library',
  server: 'embedded broker',
};

/** Tables from statement to the files whose tests name it, one a version and side. */
export function markdownReport(rows: readonly Row[]): string {
  const tables = versions.flatMap((version) =>
    sides.map((side) => {
      const shown = rows.filter((row) => row.side === side && row.statement.version === version);
      const covered = shown.filter(({ state }) => state === 'covered').length;
      return [
        `## MQTT ${version}, ${headings[side]}`,
        `${covered} of ${shown.length} statements are covered by a test.`,
        ['| Statement | Kind | What it asks | Tests |', '|---|---|---|---|', ...shown.map(tableRow)].join('\n'),
      ].join('\n\n');
    }),
  );
  return `# Conformance\n\n${tables.join('\n\n')}\n`;
}

function tableRow({ statement, state, citations, reason }: Row): string {
  const files = new Set(citations.filter(({ runs }) => runs).map(({ file }) => `\`${file}\``));
  const tests = state === 'covered' ? [...files].join('<br>') : (reason ?? 'open');
  const cells = [statement.id, statement.check, statement.gist, tests];
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}
