/** The command line as users have it, built from the sources: in one folder, with a file for each entry. */
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';

const root = join(import.meta.dirname, '..');

/** Below `node_modules`, where git does not look and imports of other packages are found. */
export async function buildCli(): Promise<{ readonly bin: string; readonly remove: () => void }> {
  const folder = mkdtempSync(join(root, 'node_modules', '.cli-test-'));
  await build({
    absWorkingDir: root,
    entryPoints: { bin: 'src/bin.ts' },
    outdir: folder,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    format: 'esm',
    target: 'es2023',
    platform: 'node',
    conditions: ['@omqtt/source'],
    // Native code, and a file that is started as a thread: it stays where it is.
    external: ['@omqtt/store-sqlite'],
    // `ws` asks for modules of Node the old way.
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
    logLevel: 'warning',
  });
  return { bin: join(folder, 'bin.mjs'), remove: () => rmSync(folder, { recursive: true, force: true }) };
}
