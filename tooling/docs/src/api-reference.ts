/** The reference of the API: what every entry of every published package exports, with the sentences of the sources. */
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { readProductPackages } from '@omqtt/check/workspace';
import { Application, type DeclarationReflection, type ProjectReflection, ReflectionKind } from 'typedoc';

export interface Api {
  readonly project: ProjectReflection;
  readonly application: Application;
}

/** A source, or one for each platform: the last is for all others. */
type Target = string | { readonly [condition: string]: Target };

/** Of the plugin: one page an entry. */
const pageOptions = {
  outputFileStrategy: 'modules',
  hidePageHeader: true,
  hideBreadcrumbs: true,
  entryFileName: 'index',
} as const;

export async function readApi(root: string): Promise<Api> {
  const entries = entriesOf(root);
  const application = await Application.bootstrapWithPlugins({
    entryPoints: [...entries.keys()],
    tsconfig: join(import.meta.dirname, '../tsconfig.api.json'),
    plugin: ['typedoc-plugin-markdown'],
    // The workspace is checked by its own compiler, each package with the names of its own platform.
    skipErrorChecking: true,
    excludePrivate: true,
    excludeInternal: true,
    disableSources: true,
    readme: 'none',
    name: 'API',
    basePath: root,
    logLevel: 'Error',
    ...pageOptions,
  });
  const project = await application.convert();
  if (project === undefined) throw new Error('The sources could not be read.');
  for (const module of project.children ?? []) {
    const path = join(root, module.name);
    module.name = entries.get(`${path}.ts`) ?? entries.get(join(path, 'index.ts')) ?? module.name;
  }
  return { project, application };
}

/** Source file → the name that users import. */
function entriesOf(root: string): Map<string, string> {
  const published = readProductPackages(root).filter(({ manifest }) => !manifest.private);
  const entries = published.flatMap(({ folder, manifest: { name } }) => {
    const { exports } = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8')) as {
      readonly exports: Readonly<Record<string, Readonly<Record<string, Target>>>>;
    };
    return Object.entries(exports).flatMap(([key, conditions]) => {
      const source = conditions['@omqtt/source'];
      return source === undefined ? [] : [[join(root, folder, lastOf(source)), name + key.slice(1)] as const];
    });
  });
  return new Map(entries);
}

function lastOf(target: Target): string {
  return typeof target === 'string' ? target : lastOf(Object.values(target).at(-1) ?? '');
}

/** Replaces the pages in `folder`. */
export async function writeApiPages({ project, application }: Api, folder: string): Promise<void> {
  rmSync(folder, { recursive: true, force: true });
  application.options.setValue('out', folder);
  await application.generateOutputs(project);
}

/** Functions, classes and options without a sentence, such as `omqtt connect` or `omqtt TlsOptions.key`. */
export function withoutSentence(project: ProjectReflection): string[] {
  return (project.children ?? [])
    .flatMap((module) =>
      (module.children ?? []).flatMap((subject) => [
        ...(needsSentence(subject) ? [`${module.name} ${subject.name}`] : []),
        ...optionsOf(subject).map(({ name }) => `${module.name} ${subject.name}.${name}`),
      ]),
    )
    .toSorted();
}

function needsSentence(subject: DeclarationReflection): boolean {
  return subject.kindOf([ReflectionKind.Function, ReflectionKind.Class]) && !hasSentence(subject);
}

function optionsOf(subject: DeclarationReflection): DeclarationReflection[] {
  if (!subject.kindOf(ReflectionKind.Interface) || !subject.name.endsWith('Options')) return [];
  return (subject.children ?? []).filter((option) => option.inheritedFrom === undefined && !hasSentence(option));
}

/** A method has it at its signature. */
function hasSentence({ comment, signatures = [], type }: DeclarationReflection): boolean {
  const inner = type?.type === 'reflection' ? (type.declaration.signatures ?? []) : [];
  return [comment, ...[...signatures, ...inner].map((signature) => signature.comment)].some(
    (each) => (each?.summary.length ?? 0) > 0,
  );
}
