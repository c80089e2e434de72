import type { Row } from './coverage.ts';
import { statementKey } from './statement.ts';

/** A row as a few lines of text: what is asked, how it could be tested, and who tests it. */
export function rowText({ statement, side, state, citations, reason }: Row): string {
  const also = statement.alsoCheck.length === 0 ? '' : `, also ${statement.alsoCheck.join(', ')}`;
  const facts = `${statement.check}${also} · binds ${statement.binds} · ${statement.role}`;
  const lines = [`${statementKey(statement.version, statement.id)}  ${facts}`, statement.gist];
  if (state === 'open') {
    lines.push(`test: ${statement.test}`);
    if (statement.clientReaction !== undefined) lines.push(`answer: ${statement.clientReaction}`);
    if (statement.twin !== undefined) lines.push(`like: ${statementKey('5.0', statement.twin)}`);
  }
  if (reason !== undefined) lines.push(`exception (${side}): ${reason}`);
  for (const { file, line, title, runs } of citations) {
    lines.push(`${runs ? 'by' : 'not run'}: ${file}:${line} ${title}`);
  }
  return lines.join('\n    ');
}
