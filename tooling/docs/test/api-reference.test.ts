import { globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, expect, onTestFinished, test } from 'vitest';
import { type Api, readApi, withoutSentence, writeApiPages } from '../src/api-reference.ts';

const root = join(import.meta.dirname, '../../..');
let api: Api;

beforeAll(async () => {
  api = await readApi(root);
}, 120_000);

test('every entry of every published package is a page, with all that it exports', { timeout: 60_000 }, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'omqtt-api-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  await writeApiPages(api, folder);
  const modules = api.project.children ?? [];
  const pages = globSync('**/*.md', { cwd: folder });
  expect(pages.toSorted()).toEqual([...modules.map(({ name }) => `${name}.md`), 'index.md'].toSorted());

  const manifests = globSync('{packages,apps}/*/package.json', { cwd: root }).map(
    (path) => JSON.parse(readFileSync(join(root, path), 'utf8')) as { name: string; exports: object },
  );
  const entries = manifests.flatMap(({ name, exports }) => Object.keys(exports).map((key) => name + key.slice(1)));
  const own = entries.filter((entry) => !entry.endsWith('package.json'));
  expect(modules.map(({ name }) => name).toSorted()).toEqual(own.toSorted());

  for (const { name, children = [] } of modules) {
    const page = readFileSync(join(folder, `${name}.md`), 'utf8').replaceAll('\\', '');
    expect(children.filter((symbol) => !page.includes(symbol.name)).map((symbol) => symbol.name)).toEqual([]);
  }
});

test('the sentence above an option is on its page, and what has none is found', () => {
  const missing = withoutSentence(api.project);
  expect(missing).not.toContain('@omqtt/core ClientOptions.tls');
  const options = api.project.getChildByName(['@omqtt/core', 'ClientOptions', 'tls']);
  expect(options?.comment?.summary.length).toBeGreaterThan(0);
  if (options !== undefined) delete options.comment;
  expect(withoutSentence(api.project)).toEqual([...missing, '@omqtt/core ClientOptions.tls'].toSorted());
});
