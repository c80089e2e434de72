/** The examples of READMEs and guides, run as a user would: from the tarballs, against a broker that came with them. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { run } from '@omqtt/portability/shell';

export interface Example {
  /** Such as `packages/codec/README.md, example 1`. */
  readonly name: string;
  readonly program: string;
  /** What it says that it prints. */
  readonly promised: readonly string[];
  /** `node-test` is a program, too: it fails when a test does, and what it prints has times in it. */
  readonly kind: 'program' | 'test' | 'node-test' | 'page' | 'sketch';
}

export function examplesOf(page: string, markdown: string): Example[] {
  return Array.from(markdown.matchAll(/^```ts\n(.*?)^```$/gms), ([, program = ''], index) => {
    const promised = Array.from(program.matchAll(/^\/\/ → (.*)$/gm), ([, line]) => line ?? '');
    return { name: `${page}, example ${index + 1}`, program, promised, kind: kindOf(program, promised) };
  });
}

function kindOf(program: string, promised: readonly string[]): Example['kind'] {
  if (program.includes("from 'vitest'")) return 'test';
  if (program.includes("from 'node:test'")) return 'node-test';
  // A browser runs it in the tests of its package.
  if (program.includes('@omqtt/store-indexeddb')) return 'page';
  return promised.length > 0 ? 'program' : 'sketch';
}

/** Where the examples find a broker, instead of on the reader's own machine. */
export interface Addresses {
  readonly mqtt: string;
  readonly mqtts: string;
  readonly ws: string;
}

export function atBroker(program: string, { mqtt, mqtts, ws }: Addresses): string {
  return program
    .replaceAll('mqtt://localhost', mqtt)
    .replaceAll('mqtts://localhost', mqtts)
    .replaceAll('ws://localhost/mqtt', ws)
    .replaceAll("host: 'localhost', port: 1883", `host: '127.0.0.1', port: ${new URL(mqtt).port}`)
    .replaceAll("host: 'localhost', port: 9001", `host: '127.0.0.1', port: ${new URL(ws).port}`);
}

/** Runs it in `project`, with a broker of its own; throws unless it prints what it promises. */
export async function runExample(example: Example, project: string, root: string): Promise<void> {
  const folder = join(project, 'examples', example.name.replaceAll(/[^\w.]+/g, '-'));
  mkdirSync(folder, { recursive: true });
  if (example.kind === 'test') {
    await runTest(example, folder, root);
    return;
  }
  copyFileSync(join(certificatesOf(root), 'ca.pem'), join(folder, 'ca.pem'));
  const printed = await withBroker(project, root, (addresses) => {
    writeFileSync(join(folder, 'example.ts'), atBroker(example.program, addresses));
    const program = [process.execPath, '--disable-warning=ExperimentalWarning', 'example.ts'];
    return run('/usr/bin/env', [`BROKER=${addresses.mqtt}`, ...program], folder);
  });
  const promised = example.promised.join('\n');
  if (example.kind === 'program' && printed.trimEnd() !== promised) {
    throw new Error(`It promises\n${promised}\nand prints\n${printed}`);
  }
}

/** A broker from the tarballs, in a process of its own, until `use` is over. */
export async function withBroker<T>(
  project: string,
  root: string,
  use: (addresses: Addresses) => Promise<T>,
): Promise<T> {
  writeFileSync(join(project, 'broker.mjs'), brokerProgram(certificatesOf(root)));
  const broker = spawn(process.execPath, ['broker.mjs'], { cwd: project, stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(broker, 'close');
  try {
    return await use(await firstLine(broker.stdout));
  } finally {
    broker.kill('SIGKILL');
    await ended;
  }
}

function certificatesOf(root: string): string {
  return join(root, 'packages/transport-tcp/test/certificates');
}

/** The runner is the one of the workspace: it is the reader's, and not what is tried here. */
async function runTest({ program }: Example, folder: string, root: string): Promise<void> {
  writeFileSync(join(folder, 'example.test.ts'), program);
  mkdirSync(join(folder, 'node_modules'));
  symlinkSync(join(root, 'node_modules/vitest'), join(folder, 'node_modules/vitest'));
  await run(join(root, 'node_modules/.bin/vitest'), ['run', '--root', folder], folder);
}

async function firstLine(output: NodeJS.ReadableStream): Promise<Addresses> {
  for await (const line of createInterface(output)) return JSON.parse(line) as Addresses;
  throw new Error('The broker of the tarballs ended before it said where it listens.');
}

function brokerProgram(certificates: string): string {
  const pem = (name: string): string => JSON.stringify(readFileSync(join(certificates, name), 'utf8'));
  return `import { startBroker } from '@omqtt/broker';
const tls = { cert: ${pem('server.pem')}, key: ${pem('server-key.pem')} };
const broker = await startBroker({ listeners: [{ type: 'tcp' }, { type: 'tls', tls }, { type: 'ws', path: '/mqtt' }] });
const { mqtt, mqtts, ws } = broker.urls;
console.log(JSON.stringify({ mqtt, mqtts: mqtts.replace('127.0.0.1', 'localhost'), ws }));
`;
}
