/** A small server that speaks the API of the inspector, so that the page is tested without proxy and broker. */
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import { WebSocketServer } from 'ws';
import { exportNdjson, exportOmq, exportPcapng, type Inspection } from '@omqtt/inspect';
import type { PageMessage, ServerMessage } from '../../src/api/messages.ts';
import { apiRoutes } from '../../src/api/routes.ts';
import { Desk } from '../../page/file/desk.ts';

/** As the inspector sends it. */
const headers = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self'; frame-ancestors 'none'; require-trusted-types-for 'script'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
} as const;

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
};

/** What a page is answered by: a desk over an inspection, or something that a test makes up. */
export interface Partner {
  receive(message: PageMessage): void;
}

export type MakePartner = (send: (message: ServerMessage) => void) => Partner;

export interface PageServer {
  readonly url: string;
  close(): void;
}

export async function startPageServer(
  folder: string,
  makePartner: MakePartner,
  inspection?: Inspection,
): Promise<PageServer> {
  const server: Server = createServer(({ url = '/', method }, response) => {
    const { pathname, searchParams } = new URL(url, 'http://page');
    if (pathname === apiRoutes.session) {
      response.writeHead(method === 'POST' ? 204 : 405).end();
      return;
    }
    if (pathname === apiRoutes.export && inspection) {
      response.writeHead(200, headers).end(exported(inspection, searchParams));
      return;
    }
    const file = join(folder, pathname === '/' ? '/index.html' : pathname);
    const type = types[extname(file)] ?? 'application/octet-stream';
    if (existsSync(file)) response.writeHead(200, { ...headers, 'content-type': type }).end(readFileSync(file));
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

/** Desks over one inspection; `added` tells all of them that there is more. */
export function deskPartners(inspection: Inspection): { readonly make: MakePartner; added(): void } {
  const desks: Desk[] = [];
  return {
    make: (send) => {
      const desk = new Desk({ inspection, send, later: setImmediate });
      desks.push(desk);
      desk.greet(undefined, Date.now());
      return desk;
    },
    added: () => {
      for (const desk of desks) desk.added();
    },
  };
}

function exported(inspection: Inspection, query: URLSearchParams): string | Uint8Array {
  const desk = new Desk({ inspection, send: () => {}, later: setImmediate });
  const records = desk.filtered(query.get('filter') ?? '', query.get('secrets') === 'show');
  if (query.get('format') === 'omq') return exportOmq(records);
  return query.get('format') === 'pcapng' ? exportPcapng(records) : exportNdjson(records);
}
