/**
 * A release, rehearsed: everything is packed and installed together in an empty project, as its users will have it. Nothing is
 * published and nothing in the workspace changes. The bill of materials stays in `.reports/release`. Build first.
 */
import { randomUUID } from 'node:crypto';
import { existsSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readBudgets, weighBundle } from '@omqtt/portability/browser-bundle';
import { installPacked, packAll, refuseUnwantedFiles, type PackedPackage } from '@omqtt/portability/packed-packages';
import { Report } from '@omqtt/portability/report';
import { blocksOf, runBlock } from './printed-commands.ts';
import { billOfMaterials } from './bill-of-materials.ts';
import { readInstalledPackages } from './installed-packages.ts';
import { licenceTable, refuseLicences } from './licences.ts';
import { copyWorkspace, tryVersions } from './next-versions.ts';
import { rehearsePublish } from './publish-rehearsal.ts';
import { examplesOf, runExample } from './readme-examples.ts';
import { refuseUselessFiles, unpackedBytes } from './shipped-files.ts';

const root = join(import.meta.dirname, '../../..');
const workplace = mkdtempSync(join(tmpdir(), 'omqtt-release-'));
const project = join(workplace, 'project');
const report = new Report('release:dry');

try {
  const packed = await packAll(root, workplace);
  const names = packed.map(({ manifest }) => manifest.name);
  if (await report.try('all tarballs install together', () => installPacked(names, packed, project))) {
    for (const each of packed) await checkPackage(each);
    await checkBundles();
    await checkDependencies(names);
    await checkExamples(packed);
    await checkCommands();
  }
  const copy = join(workplace, 'workspace');
  const isVersioned = await report.try('changeset version', async () => {
    await copyWorkspace(root, copy);
    const { version, packages } = await tryVersions(copy);
    return `${packages} packages get ${version} and a CHANGELOG`;
  });
  if (isVersioned) {
    await report.try('release:publish, to a registry of this machine', () => rehearsePublish(root, copy));
  }
  await report.try('SECURITY.md', () => {
    if (!existsSync(join(root, 'SECURITY.md'))) throw new Error('Who finds a weakness has to read where to report it.');
  });
} finally {
  rmSync(workplace, { recursive: true });
}
process.exitCode = report.conclude() ? 0 : 1;

async function checkPackage(subject: PackedPackage): Promise<void> {
  const { name } = subject.manifest;
  const folder = join(project, 'node_modules', name);
  await report.try(`${name} contents`, () => {
    refuseUnwantedFiles(subject);
    refuseUselessFiles(folder);
    return `${subject.files.length} files`;
  });
  await report.try(`${name} size`, () => {
    const limit = tarballBudgets()[name];
    const bytes = statSync(subject.tarball).size;
    const sizes = `${bytes} bytes packed, ${unpackedBytes(folder)} unpacked, budget ${limit} packed`;
    if (limit === undefined) throw new Error(`${sizes}: give it one in tooling/release/tarball-budgets.json`);
    if (bytes > limit) throw new Error(sizes);
    return sizes;
  });
}

function tarballBudgets(): Readonly<Record<string, number>> {
  const text = readFileSync(join(import.meta.dirname, '../tarball-budgets.json'), 'utf8');
  return JSON.parse(text) as Readonly<Record<string, number>>;
}

/** Here all packages are there at once; `pack:check` weighs each where nothing else is installed. */
async function checkBundles(): Promise<void> {
  for (const [name, budget] of Object.entries(readBudgets())) {
    await report.try(`browser bundle ${name}`, () => weighBundle(budget, project));
  }
}

async function checkDependencies(ours: readonly string[]): Promise<void> {
  const packages = readInstalledPackages(project);
  const others = packages.filter(({ name }) => !ours.includes(name));
  await report.try('licences of what is installed with ours', () => {
    refuseLicences(packages);
    return `${others.length} packages\n${licenceTable(others)}`;
  });
  await report.try('bill of materials, CycloneDX 1.6', () => {
    const version = packages.find(({ name }) => name === 'omqtt')?.version ?? '';
    const facts = { version, serialNumber: `urn:uuid:${randomUUID()}`, at: new Date() };
    const bill = billOfMaterials(packages, ours, facts);
    const folder = join(root, '.reports/release');
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'sbom.cdx.json'), `${JSON.stringify(bill, undefined, 2)}\n`);
    return `${bill.components.length} components in .reports/release/sbom.cdx.json`;
  });
}

async function checkExamples(packed: readonly PackedPackage[]): Promise<void> {
  const readmes = ['README.md', ...packed.map(({ folder }) => join(folder.slice(root.length + 1), 'README.md'))];
  const pages = [...readmes, ...globSync('docs/guide/*.md', { cwd: root }).toSorted()];
  const examples = pages.flatMap((page) => examplesOf(page, readFileSync(join(root, page), 'utf8')));
  for (const example of examples.filter(({ kind }) => kind !== 'page' && kind !== 'sketch')) {
    await report.try(example.name, () => runExample(example, project, root));
  }
  for (const { name, kind } of examples.filter((each) => each.kind === 'page' || each.kind === 'sketch')) {
    console.log(`       ${name} is not run here: ${kind === 'page' ? 'it needs a browser' : 'it promises no output'}`);
  }
}

/** What the pages say that one can type, with the programs of the tarballs. */
async function checkCommands(): Promise<void> {
  const pages = ['packages/cli/README.md', 'apps/inspector/README.md', 'apps/bridge/README.md'];
  for (const page of [...pages, 'docs/guide/inspector.md', 'docs/guide/bridge.md']) {
    for (const block of blocksOf(page, readFileSync(join(root, page), 'utf8'))) {
      await report.try(`${block.name}: ${block.firstLine}`, () => runBlock(block, project, root));
    }
  }
}
