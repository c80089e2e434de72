/** A web server for one folder, on loopback. */
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

export interface ServedFolder {
  readonly port: number;
  /** With a slash at the end. */
  readonly url: string;
  close(): void;
}

export async function serveFolder(
  folder: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<ServedFolder> {
  const server = createServer(({ url = '/' }, response) => {
    // The URL parser takes every `..` out of it.
    const { pathname } = new URL(url, 'http://page');
    const file = join(folder, pathname === '/' ? 'index.html' : pathname);
    const type = file.endsWith('.html') ? 'text/html' : 'text/javascript';
    if (existsSync(file)) response.writeHead(200, { 'content-type': type, ...headers }).end(readFileSync(file));
    else response.writeHead(404).end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    port,
    url: `http://127.0.0.1:${port}/`,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
