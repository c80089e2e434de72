/**
 * One file for each entry of a package, because loading a file costs Node about as much as running it. What entries share
 * is in files of its own, so that a class exists once; other packages, and what `imports` chooses, stay imports.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build, type Metafile } from 'esbuild';
import { entriesOf, type EntryManifest } from './entries.ts';

type Entries = Readonly<Record<string, string>>;

export async function bundlePackage(folder: string): Promise<void> {
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as EntryManifest;
  const entries = entriesOf([manifest.publishConfig?.exports, manifest.bin]);
  const choices = entriesOf(manifest.imports);
  const missing = Object.values({ ...entries, ...choices }).filter((source) => !existsSync(join(folder, source)));
  if (missing.length > 0) throw new Error(`package.json promises what has no source: ${missing.join(', ')}`);
  const inEntries = await bundle(folder, entries);
  // Only one of them is loaded in any runtime, so each has all that it needs.
  for (const choice of Object.entries(choices)) {
    const twice = (await bundle(folder, Object.fromEntries([choice]))).filter((source) => inEntries.includes(source));
    if (twice.length > 0) throw new Error(`${choice[1]} and the entries would both contain ${twice.join(', ')}`);
  }
}

/** Returns the sources that went into it. */
async function bundle(folder: string, entryPoints: Entries): Promise<string[]> {
  const { metafile } = await build({
    absWorkingDir: folder,
    entryPoints,
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
    metafile: true,
    logLevel: 'warning',
  });
  return sourcesOf(metafile);
}

/** Types alone leave nothing behind, so their sources may be in both. */
function sourcesOf({ outputs }: Metafile): string[] {
  return Object.values(outputs).flatMap(({ inputs }) =>
    Object.entries(inputs).flatMap(([source, { bytesInOutput }]) => (bytesInOutput > 0 ? [source] : [])),
  );
}
