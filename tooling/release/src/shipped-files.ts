/** What is wrong with the files of an installed package that a look at their names does not show. */
import { existsSync, globSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Throws for a test that is shipped, and for a source map that leads to nothing. */
export function refuseUselessFiles(folder: string): void {
  const files = globSync('**/*', { cwd: folder, exclude: ['node_modules/**'] }).filter((path) =>
    statSync(join(folder, path)).isFile(),
  );
  const complaints = files.flatMap((path) => [
    ...(/(?:^|\/)(?:tests?|__tests__)\/|\.test\.|\.tsbuildinfo$/.test(path)
      ? [`${path} is for us, not for users`]
      : []),
    ...(path.endsWith('.map') ? emptyMap(folder, path) : []),
    ...(/\.(?:js|css|d\.ts)$/.test(path) ? brokenReference(folder, path) : []),
  ]);
  if (complaints.length > 0) throw new Error(complaints.join('\n'));
}

/** A map has its sources within, or beside. */
function emptyMap(folder: string, path: string): string[] {
  const { sources, sourcesContent } = JSON.parse(readFileSync(join(folder, path), 'utf8')) as {
    readonly sources: readonly string[];
    readonly sourcesContent?: readonly (string | null)[];
  };
  const lost = sources.filter(
    (source, index) => typeof sourcesContent?.[index] !== 'string' && !existsSync(join(folder, dirname(path), source)),
  );
  return lost.map((source) => `${path} points to ${source}, which is not shipped`);
}

function brokenReference(folder: string, path: string): string[] {
  const text = readFileSync(join(folder, path), 'utf8');
  const named = /[#@] sourceMappingURL=(?!data:)([^\s*]+)\s*(?:\*\/)?\s*$/.exec(text)?.[1];
  if (named === undefined || existsSync(join(folder, dirname(path), named))) return [];
  return [`${path} names the source map ${named}, which is not shipped`];
}

/** Bytes of all files, as they lie on a user's disk. */
export function unpackedBytes(folder: string): number {
  return globSync('**/*', { cwd: folder, exclude: ['node_modules/**'] })
    .map((path) => statSync(join(folder, path)))
    .reduce((sum, stat) => sum + (stat.isFile() ? stat.size : 0), 0);
}
