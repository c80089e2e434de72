/**
 * One file for each entry of a package, because loading a file costs Node about as much as running it. What entries share
 * is in files of its own, so that a class exists once; other packages, and what `imports` chooses, stay imports.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { entriesOf, type EntryManifest } from './entries.ts';

export async function bundlePackage(folder: string): Promise<void> {
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as EntryManifest;
  const entries = entriesOf(manifest);
  const missing = Object.values(entries).filter((source) => !existsSync(join(folder, source)));
  if (missing.length > 0) throw new Error(`package.json promises what has no source: ${missing.join(', ')}`);
  await build({
    absWorkingDir: folder,
    entryPoints: entries,
    outdir: 'dist',
    bundle: true,
    splitting: true,
    chunkNames: 'shared/[name]-[hash]',
    format: 'esm',
    target: 'es2023',
    platform: 'neutral',
    packages: 'external',
    external: ['#*', 'node:*'],
    sourcemap: true,
    logLevel: 'warning',
  });
}
