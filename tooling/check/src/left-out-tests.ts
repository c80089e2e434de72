/**
 * Refuses tests that do not run: skipped, focused or promised. `skipIf` stays allowed: it says when.
 * The linter has rules for this, but only for names that it recognises; this one reads every file of tests.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseSync } from 'oxc-parser';
import { isSyntaxNode, walk, type SyntaxNode } from './syntax-tree.ts';
import { listSources } from './workspace.ts';

/** One line for each test that is left out. */
export function findLeftOutTests(root: string): string[] {
  return listSources(root, '{packages,apps,tooling}/*/test').flatMap((path) =>
    leftOutIn(path, readFileSync(join(root, path), 'utf8')),
  );
}

function leftOutIn(path: string, text: string): string[] {
  const problems: string[] = [];
  walk(parseSync(path, text).program, (node) => {
    if (!isLeftOut(node)) return;
    const line = text.slice(0, node.start).split('\n').length;
    problems.push(`${path}:${line}: ${text.slice(node.start, node.end)} leaves a test out`);
  });
  return problems;
}

/** `test.skip`, `describe.only`, `test.concurrent.todo`, `context.skip`, and the short names of other test runners. */
function isLeftOut(node: SyntaxNode): boolean {
  if (node.type === 'CallExpression') return isSyntaxNode(node['callee']) && isShortName(node['callee']);
  if (node.type !== 'MemberExpression' || !isSyntaxNode(node['property'])) return false;
  return ['skip', 'only', 'todo'].includes(String(node['property']['name']));
}

function isShortName(callee: SyntaxNode): boolean {
  return callee.type === 'Identifier' && /^(?:x|f)(?:it|test|describe)$/.test(String(callee['name']));
}

if (import.meta.main) {
  const problems = findLeftOutTests(process.cwd());
  for (const problem of problems) console.error(problem);
  process.exitCode = problems.length > 0 ? 1 : 0;
}
