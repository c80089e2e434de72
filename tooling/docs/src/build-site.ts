/** `npm run docs`: the site of `docs`, with the conformance matrix as the tests are now. Needs no network. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../../..');
const docs = join(root, 'docs');

const matrix = ['tooling/conformance/src/report.ts', '--markdown', join(docs, 'reference/conformance.md')];
step(process.execPath, matrix, root);
step('vitepress', ['build'], docs);

function step(command: string, args: readonly string[], cwd: string): void {
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd, encoding: 'utf8' });
  if (status === 0) return;
  console.error(`$ ${command} ${args.join(' ')}\n${stdout}${stderr}`, error ?? '');
  process.exit(1);
}
