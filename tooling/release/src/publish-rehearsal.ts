/** What the workflow that publishes would send, taken by a registry on loopback that keeps nothing. */
import { once } from 'node:events';
import { cpSync, existsSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import { readProductPackages } from '@omqtt/check/workspace';
import { run } from '@omqtt/portability/shell';
import { nameRepository } from './repository.ts';

/** What a registry is sent. */
export interface Published {
  readonly name: string;
  readonly access?: string;
  readonly versions: Readonly<Record<string, { readonly repository?: { readonly url: string } }>>;
  readonly _attachments: Readonly<Record<string, { readonly length: number }>>;
}

/** Publishes from `copy`, with what was built in `root`; throws if a package is missing or says less than it has to. */
export async function rehearsePublish(root: string, copy: string): Promise<string> {
  for (const { folder } of readProductPackages(root)) {
    const built = join(root, folder, 'dist');
    if (existsSync(built)) cpSync(built, join(copy, folder, 'dist'), { recursive: true });
  }
  const names = nameRepository(copy, { server: 'https://github.com', repository: 'owner/name' });
  const published = await publishInto(copy);
  const complaints = names.flatMap((name) => {
    const found = published.find((each) => each.name === name);
    return found === undefined ? [`${name} was not published`] : complaintsAbout(found);
  });
  if (published.length > names.length) complaints.push('More was published than there is');
  if (complaints.length > 0) throw new Error(complaints.join('\n'));
  return `${published.length} packages, each with the repository that it comes from`;
}

/** What a reader of the registry would miss. */
export function complaintsAbout({ name, access, versions, _attachments: files }: Published): string[] {
  const [version] = Object.values(versions);
  const lengths = Object.values(files).map(({ length }) => length);
  return [
    ...(access === 'public' ? [] : [`${name} is not public`]),
    // Without it no registry takes a statement of provenance.
    ...(version?.repository?.url === 'git+https://github.com/owner/name.git' ? [] : [`${name} names no repository`]),
    ...(lengths.length === 1 && lengths[0] !== 0 ? [] : [`${name} has no tarball, or an empty one`]),
  ];
}

async function publishInto(copy: string): Promise<readonly Published[]> {
  const published: Published[] = [];
  const server = createServer((request, response) => void answer(request, response, published));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = `127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const settings = join(copy, 'rehearsal.npmrc');
  writeFileSync(settings, `registry=http://${address}\n//${address}:_authToken=rehearsal\n`);
  // Both programs that have a part in it read their settings in their own way; no proof can be signed here.
  const registry = ['npm', 'pnpm'].map((program) => `${program}_config_registry=http://${address}`);
  const command = [process.execPath, join(copy, 'node_modules/@changesets/cli/bin.js'), 'publish', '--no-git-tag'];
  try {
    await run('/usr/bin/env', [`NPM_CONFIG_USERCONFIG=${settings}`, ...registry, ...command], copy);
  } finally {
    server.close();
    server.closeAllConnections();
  }
  return published;
}

/** Nothing is there yet, and everything is taken. */
async function answer(request: IncomingMessage, response: ServerResponse, published: Published[]): Promise<void> {
  response.setHeader('content-type', 'application/json');
  if (request.method !== 'PUT') {
    response.writeHead(404).end('{"error":"not_found"}');
    return;
  }
  published.push((await json(request)) as Published);
  response.writeHead(201).end('{"ok":true}');
}
