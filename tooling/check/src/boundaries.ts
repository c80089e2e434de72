/** Holds every import, dependency and file name of the product against the table: `node src/boundaries.ts`. */
import { readFileSync } from 'node:fs';
import { basename, dirname, join, normalize, relative } from 'node:path';
import { importTable, type ImportRule } from './import-table.ts';
import { readSourceFacts, type ImportFact } from './source-facts.ts';
import { listSources, readProductPackages, type WorkspacePackage } from './workspace.ts';

/** One sentence for each broken rule, with file and line. Empty: all is well. */
export function findBoundaryProblems(root: string): string[] {
  const packages = readProductPackages(root);
  const published = packages.filter(({ manifest }) => !manifest.private).map(({ manifest }) => manifest.name);
  return [...findNameProblems(root), ...packages.flatMap((member) => findPackageProblems(root, member, published))];
}

const namesThatSayNothing = new Set(['utils', 'helpers', 'common', 'types', 'manager', 'base']);

function findNameProblems(root: string): string[] {
  return ['packages', 'apps', 'tooling']
    .flatMap((folder) => listSources(root, folder))
    .filter((path) => namesThatSayNothing.has(basename(path).replace(/\..*$/, '')))
    .map((path) => `${path}: the name does not say what is in the file`);
}

function findPackageProblems(root: string, member: WorkspacePackage, published: readonly string[]): string[] {
  const { folder, manifest } = member;
  const rule = importTable[manifest.name];
  if (!rule) return [`${folder}/package.json: ${manifest.name} has no row in import-table.ts`];

  const judge = new PackageJudge(member, rule, published);
  const ofSources = listSources(root, join(folder, 'src')).flatMap((path) =>
    judge.judgeSource(path, readFileSync(join(root, path), 'utf8')),
  );
  return [...judge.judgeDependencies(), ...ofSources];
}

/** Applies one row of the table. */
class PackageJudge {
  readonly #member: WorkspacePackage;
  readonly #rule: ImportRule;
  readonly #mayImport: readonly string[];

  constructor(member: WorkspacePackage, rule: ImportRule, published: readonly string[]) {
    this.#member = member;
    this.#rule = rule;
    this.#mayImport = rule.mayImport === 'anything published' ? published : rule.mayImport;
  }

  judgeDependencies(): string[] {
    return [...this.#dependencies()]
      .map((name) => ({ name, problem: this.#problemOfPackage(name) }))
      .filter(({ problem }) => problem)
      .map(({ name, problem }) => `${this.#member.folder}/package.json: depends on ${name}, but ${problem}`);
  }

  judgeSource(path: string, text: string): string[] {
    const { imports, blanketExports, nodeGlobals } = readSourceFacts(path, text);
    const problems = imports
      .map((fact) => ({ fact, problem: this.#problemOfImport(path, fact) }))
      .filter(({ problem }) => problem)
      .map(({ fact, problem }) => `${path}:${fact.line}: imports ${fact.specifier}, but ${problem}`);
    for (const line of blanketExports) problems.push(`${path}:${line}: export * hides what is public; list the names`);
    if (!this.#rule.isPure || isForNode(path)) return problems;
    for (const { name, line } of nodeGlobals) problems.push(`${path}:${line}: uses ${name}, which only Node has`);
    return problems;
  }

  #problemOfImport(path: string, { specifier, isTypeOnly }: ImportFact): string | undefined {
    // A file of the package itself, which `imports` of package.json chooses by the runtime.
    if (specifier.startsWith('#')) return undefined;
    if (specifier.startsWith('.')) return this.#problemOfRelative(path, specifier);
    if (specifier.startsWith('node:')) return this.#rule.isPure ? 'this package runs without Node' : undefined;
    const name = packageNameOf(specifier);
    const problem = this.#problemOfPackage(name);
    if (problem) return problem;
    if (this.#rule.typesOnly && !isTypeOnly) return 'only its types are allowed here: use import type';
    return this.#dependencies().has(name) ? undefined : 'package.json does not list it under dependencies';
  }

  #problemOfRelative(path: string, specifier: string): string | undefined {
    const source = join(this.#member.folder, 'src');
    const target = relative(source, normalize(join(dirname(path), specifier)));
    if (target.startsWith('..')) return 'it lies outside the src folder of the package';
    const from = firstFolder(relative(source, path));
    if (this.#rule.isPure && isForNode(target) && !isForNode(path)) {
      return 'it is for Node, so only `imports` of package.json may choose it';
    }
    const isWalled = this.#rule.walls?.[from]?.includes(firstFolder(target)) ?? false;
    return isWalled ? `${from} may not know ${firstFolder(target)}` : undefined;
  }

  #problemOfPackage(name: string): string | undefined {
    const isOurs = name === 'omqtt' || name.startsWith('@omqtt/');
    if (isOurs) return this.#mayImport.includes(name) ? undefined : 'the import table does not allow it';
    return this.#rule.isPure ? 'this package has no dependency from outside' : undefined;
  }

  #dependencies(): Set<string> {
    const { dependencies, peerDependencies, optionalDependencies } = this.#member.manifest;
    return new Set(Object.keys({ ...dependencies, ...peerDependencies, ...optionalDependencies }));
  }
}

/** A form of a file that only runtimes with the names of Node load, by `imports` of package.json. */
function isForNode(path: string): boolean {
  return path.endsWith('.node.ts');
}

/** `@scope/name/deep` → `@scope/name`, `name/deep` → `name`. */
function packageNameOf(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}

function firstFolder(path: string): string {
  return path.split('/')[0] ?? path;
}

if (import.meta.main) {
  const problems = findBoundaryProblems(process.cwd());
  for (const problem of problems) console.error(problem);
  process.exitCode = problems.length > 0 ? 1 : 0;
}
