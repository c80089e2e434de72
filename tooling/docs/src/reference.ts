/** `npm run reference` writes the generated pages of `docs/reference`; with `--check` it fails when one is stale. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { errorCodesPage } from './error-codes-page.ts';
import { reasonCodesPage } from './reason-codes-page.ts';

const root = join(import.meta.dirname, '../../..');
const folder = join(root, 'docs/reference');

const pages: Readonly<Record<string, string>> = {
  'error-codes.md': errorCodesPage(root),
  'reason-codes.md': reasonCodesPage(),
};

const isChecking = process.argv.includes('--check');
for (const [name, text] of Object.entries(pages)) {
  const file = join(folder, name);
  const before = existsSync(file) ? readFileSync(file, 'utf8') : '';
  if (before === text) continue;
  if (isChecking) {
    console.error(`docs/reference/${name} is stale: run \`npm run reference\`, and commit what it wrote.`);
    process.exitCode = 1;
    continue;
  }
  mkdirSync(folder, { recursive: true });
  writeFileSync(file, text);
}
