/** A server of made-up lists, for those that are longer than a test can send through a proxy. */
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import { WebSocketServer } from 'ws';
import type { PageMessage, ServerMessage } from '../../src/api/messages.ts';
import { apiRoutes } from '../../src/api/routes.ts';
import { securityHeaders } from '../../src/http/page-files.ts';

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
};

/** What a page is answered by. */
export interface Partner {
  receive(message: PageMessage): void;
}

export type MakePartner = (send: (message: ServerMessage) => void) => Partner;

export interface PageServer {
  readonly url: string;
  close(): void;
}

export async function startPageServer(folder: string, makePartner: MakePartner): Promise<PageServer> {
  const server: Server = createServer(({ url = '/', method }, response) => {
    const { pathname } = new URL(url, 'http://page');
    if (pathname === apiRoutes.session) {
      response.writeHead(method === 'POST' ? 204 : 405).end();
      return;
    }
    const file = join(folder, pathname === '/' ? '/index.html' : pathname);
    const type = types[extname(file)] ?? 'application/octet-stream';
    if (existsSync(file)) response.writeHead(200, { ...securityHeaders, 'content-type': type }).end(readFileSync(file));
    else response.writeHead(404).end();
  });
  const sockets = new WebSocketServer({ server, path: apiRoutes.socket });
  sockets.on('connection', (socket) => {
    const partner = makePartner((message) => socket.send(JSON.stringify(message)));
    socket.on('message', (data: Buffer) => partner.receive(JSON.parse(data.toString()) as PageMessage));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    close: () => {
      for (const socket of sockets.clients) socket.terminate();
      sockets.close();
      server.closeAllConnections();
      server.close();
    },
  };
}
