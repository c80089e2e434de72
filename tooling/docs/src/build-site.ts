/** `npm run docs`: the site of `docs`, with the conformance matrix as the tests are now, and the API as the sources are. Needs no network. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { readApi, writeApiPages } from './api-reference.ts';

const root = join(import.meta.dirname, '../../..');
const docs = join(root, 'docs');

const matrix = ['tooling/conformance/src/report.ts', '--markdown', join(docs, 'reference/conformance.md')];
step(process.execPath, matrix, root);
await writeApiPages(await readApi(root), join(docs, 'api'));
step('vitepress', ['build'], docs);

function step(command: string, args: readonly string[], cwd: string): void {
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd, encoding: 'utf8' });
  if (status === 0) return;
  console.error(`$ ${command} ${args.join(' ')}\n${stdout}${stderr}`, error ?? '');
  process.exit(1);
}
