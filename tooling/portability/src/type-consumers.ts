/** Whether the types of the packages compile where users are: with old and new compilers, and both ways to find modules. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { Compiler } from './runtimes.ts';

const resolutions = { nodenext: 'nodenext', bundler: 'esnext' } as const;
export type Resolution = keyof typeof resolutions;
export const allResolutions = Object.keys(resolutions) as readonly Resolution[];

/** Writes a program that imports every entry of the packages that are installed in `project`. */
export function writeConsumer(names: readonly string[], project: string): void {
  const entries = names.flatMap((name) => entriesOf(name, project));
  const imports = entries.map((entry, index) => `import * as entry${index} from '${entry}';`);
  const list = entries.map((_, index) => `entry${index}`).join(', ');
  writeFileSync(
    join(project, 'consumer.ts'),
    `${imports.join('\n')}\nexport const all: object[] = [${list}];\n${sample}`,
  );
  writeFileSync(
    join(project, 'consumer.cts'),
    "import omqtt = require('omqtt');\nexport const connect = omqtt.connect;\n",
  );
}

// The line that must not compile shows that the types are there, and not `any`.
const sample = `
import { connect } from 'omqtt';

export async function first(): Promise<string> {
  const client = await connect('mqtt://localhost', { version: '3.1.1' });
  // @ts-expect-error only 5.0 has requests
  await client.request('topic', 'payload');
  for await (const message of client.subscribe('topic', { qos: 1 })) return message.text();
  return '';
}
`;

function entriesOf(name: string, project: string): string[] {
  const manifest = JSON.parse(readFileSync(join(project, 'node_modules', name, 'package.json'), 'utf8')) as {
    readonly exports: Readonly<Record<string, unknown>>;
  };
  return Object.keys(manifest.exports)
    .filter((key) => key !== './package.json')
    .map((key) => name + key.slice(1));
}

/** Types that users install themselves, taken from where the workspace has them. */
export function linkTypes(packages: Readonly<Record<string, string>>, project: string): void {
  for (const [name, path] of Object.entries(packages)) {
    const link = join(project, 'node_modules', name);
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(path, link);
  }
}

/** Throws what the compiler says about the program or our own declarations; those of others are not ours to judge. */
export async function compileConsumer(
  { version, path }: Compiler,
  resolution: Resolution,
  project: string,
): Promise<void> {
  // The types of `require` for ES modules came with 5.8.
  const knowsRequire = resolution === 'nodenext' && !/^5\.[0-7]\./.test(version);
  const config = {
    compilerOptions: {
      module: resolutions[resolution],
      moduleResolution: resolution,
      target: 'es2022',
      lib: ['es2023', 'esnext.disposable', 'dom'],
      types: ['node'],
      strict: true,
      noEmit: true,
    },
    files: knowsRequire ? ['consumer.ts', 'consumer.cts'] : ['consumer.ts'],
  };
  const file = `tsconfig.${version}.${resolution}.json`;
  writeFileSync(join(project, file), JSON.stringify(config));
  const child = spawn(process.execPath, [path, '-p', file], { cwd: project, stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(child, 'close');
  const printed = await text(child.stdout);
  const [exitCode] = (await ended) as [number | null];
  const ours = complaintsAboutUs(printed);
  if (ours.length > 0) throw new Error(ours.join('\n'));
  if (exitCode !== 0 && complaints(printed).length === 0) throw new Error(`It ended with ${exitCode}:\n${printed}`);
}

export function complaintsAboutUs(output: string): string[] {
  return complaints(output).filter((line) => !/^(?:\.\.\/|\/|node_modules\/(?!@omqtt\/|omqtt\/))/.test(line));
}

function complaints(output: string): string[] {
  return output.split('\n').filter((line) => /: error TS\d+/.test(line) || /^error TS\d+/.test(line));
}
