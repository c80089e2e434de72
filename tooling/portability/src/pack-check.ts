/**
 * What a user will get, tried before they get it: every package is packed, inspected, installed outside the workspace,
 * run in every runtime that its `engines` promise, and bundled for the browser; its types are compiled by old and new
 * compilers. Build first. Names as arguments choose the packages and bundles to look at; `types` is one of them.
 */
import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readBudgets, weighBundle } from './browser-bundle.ts';
import { bundlers } from './bundlers.ts';
import { inLanes } from './lanes.ts';
import { installPacked, packAll, refuseUnwantedFiles, type PackedPackage } from './packed-packages.ts';
import { Report } from './report.ts';
import { installRuntimes, isPromised, listCompilers, type Runtime } from './runtimes.ts';
import { run } from './shell.ts';
import { allResolutions, compileConsumer, linkTypes, writeConsumer } from './type-consumers.ts';

const root = join(import.meta.dirname, '../../..');
const workplace = mkdtempSync(join(tmpdir(), 'omqtt-pack-check-'));
const report = new Report('pack:check');
const asked = process.argv.slice(2);
const isAsked = (name: string): boolean => asked.length === 0 || asked.includes(name);

/** What a smoke test needs beyond what Deno allows to everybody: pure packages need nothing. */
const denoPermissions: Readonly<Record<string, readonly string[]>> = {
  // `ws`, which stands for a server there, reads the environment.
  omqtt: ['--allow-net=127.0.0.1', '--allow-env'],
};

try {
  const runtimes = await installRuntimes();
  const packed = await packAll(root, workplace);
  const wanted = packed.filter(({ manifest }) => isAsked(manifest.name));
  await inLanes(wanted, (each) => checkPackage(each, packed, runtimes));
  await checkBundles(packed);
  if (isAsked('types')) await checkTypes(packed);
} finally {
  rmSync(workplace, { recursive: true });
}
process.exitCode = report.conclude() ? 0 : 1;

async function checkPackage(
  subject: PackedPackage,
  packed: readonly PackedPackage[],
  runtimes: readonly Runtime[],
): Promise<void> {
  const { manifest, folder, tarball } = subject;
  const { name } = manifest;
  await report.try(`${name} contents`, () => refuseUnwantedFiles(subject));
  await report.try(`${name} publint`, async () => void (await run('publint', ['--strict', tarball], workplace)));
  // No look-up of @types: the types are in the package.
  const attwOptions = ['--profile', 'esm-only', '--no-definitely-typed'];
  await report.try(`${name} attw`, async () => void (await run('attw', [...attwOptions, tarball], workplace)));

  const project = join(workplace, name);
  const isInstalled = await report.try(`${name} installs, with its smoke.mjs`, async () => {
    await installPacked([name], packed, project);
    copyFileSync(join(folder, 'smoke.mjs'), join(project, 'smoke.mjs'));
  });
  if (!isInstalled) return;
  for (const runtime of runtimes.filter((candidate) => isPromised(candidate, manifest.engines))) {
    await report.try(`${name} on ${runtime.engine} ${runtime.version}`, () => tryIn(runtime, name, project));
  }
  const refusal = join(folder, 'refusal.mjs');
  if (!existsSync(refusal)) return;
  copyFileSync(refusal, join(project, 'refusal.mjs'));
  for (const runtime of runtimes.filter((candidate) => mayRefuse(candidate, manifest.engines))) {
    await report.try(`${name} refuses ${runtime.engine} ${runtime.version}`, async () => {
      const [program, ...args] = runtime.command;
      await run(program, [...args, 'refusal.mjs'], project);
    });
  }
}

/** Deno gives no permission to find out. */
function mayRefuse(runtime: Runtime, engines: PackedPackage['manifest']['engines']): boolean {
  return runtime.engine !== 'deno' && !isPromised(runtime, engines);
}

/** Runs the smoke test that the package brings; on Node also `require`, which can load ES modules since 20.19. */
async function tryIn({ engine, command: [program, ...args] }: Runtime, name: string, project: string): Promise<void> {
  const permissions = engine === 'deno' ? (denoPermissions[name] ?? []) : [];
  await run(program, [...args, ...permissions, 'smoke.mjs'], project);
  if (engine === 'node') await run(program, ['--eval', `require('${name}')`], project);
}

/** One project with everything, compiled by each compiler, in both ways. */
async function checkTypes(packed: readonly PackedPackage[]): Promise<void> {
  const project = join(workplace, 'types');
  const names = packed.map(({ manifest }) => manifest.name);
  const isInstalled = await report.try('all packages together install', async () => {
    await installPacked(names, packed, project);
    const testkit = join(root, 'packages/testkit/node_modules');
    linkTypes(
      { '@types/node': join(root, 'node_modules/@types/node'), 'fast-check': join(testkit, 'fast-check') },
      project,
    );
    writeConsumer(names, project);
  });
  if (!isInstalled) return;
  // At the same time: each takes seconds, most of them one core.
  const tries = listCompilers().flatMap((compiler) =>
    allResolutions.map((resolution) => {
      const name = `types with TypeScript ${compiler.version}, ${resolution}`;
      return report.try(name, () => compileConsumer(compiler, resolution, project));
    }),
  );
  await Promise.all(tries);
}

async function checkBundles(packed: readonly PackedPackage[]): Promise<void> {
  const wanted = Object.entries(readBudgets()).filter(([name]) => isAsked(name));
  await inLanes(wanted, async ([name, budget]) => {
    const project = join(workplace, 'bundles', name);
    await report.try(`browser bundle ${name}`, async () => {
      await installPacked(budget.imports, packed, project);
      return weighBundle(budget, project);
    });
    for (const [bundler, bundle] of Object.entries(bundlers)) {
      await report.try(`browser bundle ${name} with ${bundler}`, () => bundle(project));
    }
  });
}
