/** What a browser would have to load: bundled, minified and weighed. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { readSourceFacts } from '@omqtt/check/source-facts';
import { build, type Metafile } from 'esbuild';

export interface Budget {
  readonly imports: readonly string[];
  /** What of them goes into the bundle. Default: everything that they export. */
  readonly names?: readonly string[];
  readonly gzipBytes: number;
}

export function readBudgets(): Readonly<Record<string, Budget>> {
  const path = join(import.meta.dirname, '../budgets.json');
  return JSON.parse(readFileSync(path, 'utf8')) as Readonly<Record<string, Budget>>;
}

/** Bundles in `project`, where the packages are installed; throws if a browser could not run it or it is too large. */
export async function weighBundle({ imports, names = ['*'], gzipBytes }: Budget, project: string): Promise<string> {
  const entry = join(project, 'browser-entry.js');
  const wanted = names.includes('*') ? '*' : `{ ${names.join(', ')} }`;
  writeFileSync(entry, imports.map((name) => `export ${wanted} from '${name}';\n`).join(''));
  const { outputFiles, metafile } = await build({
    entryPoints: [entry],
    bundle: true,
    minify: true,
    write: false,
    metafile: true,
    format: 'esm',
    platform: 'browser', // a Node module is an error here: nothing is polyfilled
    logLevel: 'silent',
  });
  const code = outputFiles.map(({ text }) => text).join('');
  refuseNodeNames(code);
  const gzipped = gzipSync(code, { level: 9 }).length;
  const sizes = `${Buffer.byteLength(code)} bytes minified, ${gzipped} gzipped, budget ${gzipBytes}`;
  if (gzipped > gzipBytes) throw new Error(`${sizes}. The largest files, minified:\n${largestInputs(metafile)}`);
  return sizes;
}

/** Throws if a browser could not run the code, because a bundler left a name of Node in it. */
export function refuseNodeNames(code: string): void {
  const { imports, nodeGlobals } = readSourceFacts('bundle.js', code);
  const names = [...imports.map(({ specifier }) => `import of ${specifier}`), ...nodeGlobals.map(({ name }) => name)];
  if (names.length > 0) throw new Error(`The bundle needs what a browser does not have: ${names.join(', ')}`);
}

function largestInputs({ outputs }: Metafile): string {
  return Object.values(outputs)
    .flatMap(({ inputs }) => Object.entries(inputs))
    .map(([path, { bytesInOutput }]) => ({ path, bytes: bytesInOutput }))
    .toSorted((a, b) => b.bytes - a.bytes)
    .slice(0, 10)
    .map(({ path, bytes }) => `${bytes.toString().padStart(7)} ${path.replace(/^.*node_modules\//, '')}`)
    .join('\n');
}
