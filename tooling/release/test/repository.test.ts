import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { nameRepository } from '../src/repository.ts';

test('before they are published, packages name the repository that they were built in, and private ones do not', () => {
  const root = mkdtempSync(join(tmpdir(), 'omqtt-repository-'));
  onTestFinished(() => rmSync(root, { recursive: true }));
  const manifests = { one: { name: '@omqtt/one', version: '1.0.0' }, two: { name: '@omqtt/two', private: true } };
  for (const [folder, manifest] of Object.entries(manifests)) {
    mkdirSync(join(root, 'packages', folder), { recursive: true });
    writeFileSync(join(root, 'packages', folder, 'package.json'), JSON.stringify(manifest));
  }
  const hosting = { server: 'https://example.org', repository: 'owner/name' };
  expect(nameRepository(root, hosting)).toEqual(['@omqtt/one']);
  const read = (folder: string): unknown =>
    JSON.parse(readFileSync(join(root, 'packages', folder, 'package.json'), 'utf8'));
  expect(read('one')).toEqual({
    ...manifests.one,
    repository: { type: 'git', url: 'git+https://example.org/owner/name.git', directory: 'packages/one' },
  });
  expect(read('two')).toEqual(manifests.two);
  expect(() => nameRepository(root, { ...hosting, repository: 'not a name' })).toThrow('not a name');
});
