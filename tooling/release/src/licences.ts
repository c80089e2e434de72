/** Which licences a package that we make others install may have. */
import type { InstalledPackage } from './installed-packages.ts';

/** They ask for no more than to be named. A new one is a decision: add it here in a commit that says why. */
const allowed: ReadonlySet<string> = new Set([
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'CC0-1.0',
  'ISC',
  'MIT',
  'Unlicense',
]);

/** One row for each, also when it lies in several folders. */
export function licenceTable(packages: readonly InstalledPackage[]): string {
  const named = packages.map(({ name, version, licence }) => [`${name} ${version}`, licence || '(none)'] as const);
  const rows = [...new Map(named)].toSorted(([a], [b]) => a.localeCompare(b));
  const width = Math.max(0, ...rows.map(([name]) => name.length));
  return rows.map(([name, licence]) => `       ${name.padEnd(width)}  ${licence}`).join('\n');
}

/** Throws an error that names those whose licence is not on the list. */
export function refuseLicences(packages: readonly InstalledPackage[]): void {
  const refused = packages.filter(({ licence }) => !isAllowed(licence));
  if (refused.length === 0) return;
  const list = refused.map(({ name, version, licence }) => `${name} ${version} (${licence || 'no licence'})`);
  throw new Error(
    `Not on the list of allowed licences, which is in tooling/release/src/licences.ts: ${list.join(', ')}`,
  );
}

/** SPDX: of alternatives one has to be on the list, of what holds together all. What is nested is left to people. */
export function isAllowed(expression: string): boolean {
  const flat = expression.replace(/^\((.*)\)$/, '$1');
  if (flat.includes('(')) return false;
  return flat.split(' OR ').some((choice) => choice.split(' AND ').every((licence) => allowed.has(licence.trim())));
}
