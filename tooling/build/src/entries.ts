/** The files that a package promises in `bin`, `exports` or `imports`, and the sources that they are made of. */
export interface EntryManifest {
  readonly bin?: unknown;
  readonly imports?: unknown;
  readonly publishConfig?: { readonly exports?: unknown };
}

/** Sources by the path in `dist`, without its ending; whatever the conditions. */
export function entriesOf(conditions: unknown): Record<string, string> {
  const names = targetsOf(conditions).flatMap((target) => {
    const name = /^\.\/dist\/(.+)\.js$/.exec(target)?.[1];
    return name === undefined ? [] : [name];
  });
  return Object.fromEntries(names.map((name) => [name, `src/${name}.ts`]));
}

function targetsOf(conditions: unknown): string[] {
  if (typeof conditions === 'string') return [conditions];
  if (typeof conditions !== 'object' || conditions === null) return [];
  return Object.values(conditions).flatMap(targetsOf);
}
