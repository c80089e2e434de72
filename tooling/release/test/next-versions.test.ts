import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readProductPackages } from '@omqtt/check/workspace';
import { expect, onTestFinished, test } from 'vitest';
import { copyWorkspace, tryVersions } from '../src/next-versions.ts';

const root = join(import.meta.dirname, '../../..');

test(
  'every published package gets the same next version and a changelog, and no tool gets one',
  { timeout: 60_000 },
  async () => {
    const copy = mkdtempSync(join(tmpdir(), 'omqtt-versions-'));
    onTestFinished(() => rmSync(copy, { recursive: true }));
    await copyWorkspace(root, copy);
    writeFileSync(join(copy, '.changeset/more.md'), "---\n'@omqtt/codec': patch\n---\n\nA fix.\n");
    const published = readProductPackages(root).filter(({ manifest }) => !manifest.private);
    const { version, packages } = await tryVersions(copy);
    expect(version).toMatch(/^[0-9]+\.[0-9]+\.[0-9]+$/);
    expect(packages).toBe(published.length);
  },
);
