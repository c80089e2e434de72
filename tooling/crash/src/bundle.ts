/** The processes of the rig as one file each: a thousand short lives must not be spent on reading a hundred files. */
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build, type Plugin } from 'esbuild';

export async function bundleProcesses(folder: string): Promise<void> {
  const store = fileURLToPath(import.meta.resolve('@omqtt/store-sqlite'));
  // Native code cannot be bundled, and would not be found from the folder of the bundles.
  const sqlite = pathToFileURL(createRequire(store).resolve('better-sqlite3')).href;
  const outside: Plugin = {
    name: 'sqlite-outside',
    setup(made) {
      made.onResolve({ filter: /^better-sqlite3$/ }, () => ({ path: sqlite, external: true }));
    },
  };
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  await build({
    entryPoints: {
      'publisher-process': join(import.meta.dirname, 'publisher-process.ts'),
      'subscriber-process': join(import.meta.dirname, 'subscriber-process.ts'),
      // Where the store looks for it.
      'thread/worker': join(store, '../thread/worker.ts'),
    },
    outdir: folder,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node22',
    conditions: ['@omqtt/source'],
    plugins: [outside],
  });
}
