/** A software bill of materials in CycloneDX 1.6: what a user installs with our packages, with hashes and licences. */
import { Buffer } from 'node:buffer';
import type { InstalledPackage } from './installed-packages.ts';

export interface BillFacts {
  readonly version: string;
  /** `urn:uuid:` and a random one. */
  readonly serialNumber: string;
  readonly at: Date;
}

interface Component {
  readonly type: 'library';
  readonly 'bom-ref': string;
  readonly group?: string;
  readonly name: string;
  readonly version: string;
  readonly licenses?: readonly ({ readonly license: { readonly id: string } } | { readonly expression: string })[];
  readonly hashes?: readonly { readonly alg: 'SHA-512'; readonly content: string }[];
  readonly purl: string;
}

export interface BillOfMaterials {
  readonly $schema: string;
  readonly bomFormat: 'CycloneDX';
  readonly specVersion: '1.6';
  readonly serialNumber: string;
  readonly version: number;
  readonly metadata: object;
  readonly components: readonly Component[];
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn: readonly string[] }[];
}

const root = 'omqtt-release';

/** `ours` are the names of what is released; everything else is what they bring along. */
export function billOfMaterials(
  packages: readonly InstalledPackage[],
  ours: readonly string[],
  { version, serialNumber, at }: BillFacts,
): BillOfMaterials {
  const references = new Map(packages.map((each) => [each.path, referenceOf(each)]));
  // The same version may lie in several folders: it is one component, with what its copies depend on.
  const unique = new Map(packages.map((each) => [referenceOf(each), each]));
  const dependencies = new Map<string, Set<string>>([[root, new Set()]]);
  for (const each of packages) {
    const reference = referenceOf(each);
    const known = dependencies.get(reference) ?? new Set<string>();
    dependencies.set(reference, known);
    for (const path of each.dependencies) known.add(references.get(path) ?? path);
    if (ours.includes(each.name)) dependencies.get(root)?.add(reference);
  }
  return {
    $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    serialNumber,
    version: 1,
    metadata: {
      timestamp: at.toISOString(),
      component: { type: 'library', 'bom-ref': root, name: root, version },
    },
    components: [...unique.values()].map(componentOf).toSorted((a, b) => a.purl.localeCompare(b.purl)),
    dependencies: Array.from(dependencies, ([ref, on]) => ({ ref, dependsOn: [...on].toSorted() })),
  };
}

function componentOf(subject: InstalledPackage): Component {
  const { version, licence, integrity } = subject;
  const [name = '', group] = subject.name.split('/').toReversed();
  const reference = referenceOf(subject);
  return {
    type: 'library',
    'bom-ref': reference,
    ...(group === undefined ? {} : { group }),
    name,
    version,
    ...(licence === '' ? {} : { licenses: [licenceOf(licence)] }),
    ...(integrity?.startsWith('sha512-') ? { hashes: [hashOf(integrity)] } : {}),
    purl: reference,
  };
}

function licenceOf(licence: string): { license: { id: string } } | { expression: string } {
  return /^[\w.+-]+$/.test(licence) ? { license: { id: licence } } : { expression: licence };
}

function hashOf(integrity: string): { alg: 'SHA-512'; content: string } {
  return { alg: 'SHA-512', content: Buffer.from(integrity.slice('sha512-'.length), 'base64').toString('hex') };
}

/** A package URL: the `@` of a scope is written `%40`. */
function referenceOf({ name, version }: InstalledPackage): string {
  return `pkg:npm/${name.replace('@', '%40')}@${version}`;
}
