/** The HTTP server of the inspector: files of the page, API, and the WebSockets of pages. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Inspection } from '@omqtt/inspect';
import { apiRoutes, type ApiStatus } from '../api/routes.ts';
import type { RouteView } from '../api/messages.ts';
import { InspectorError } from '../inspector-errors.ts';
import type { RecordListener } from '../record/recorder.ts';
import type { UiOptions } from '../thread/thread-messages.ts';
import { handleApi, sendRefusal } from './api-handler.ts';
import { Guard } from './guard.ts';
import { readPageFiles, securityHeaders, sendPageFile, type PageFiles } from './page-files.ts';
import { PageSockets } from './page-sockets.ts';

export interface ServerOptions {
  readonly ui: UiOptions;
  readonly version: string;
  readonly skippedBytes: () => number;
  /** Before records are forgotten because a page asked for it. */
  readonly beforeClear: () => void;
}

export interface ServerAddresses {
  /** For a browser, with the token. */
  readonly url: string;
  /** `http://127.0.0.1:PORT`. */
  readonly apiUrl: string;
  readonly token: string;
}

const REQUEST_TIMEOUT_MS = 10_000;

export class InspectorServer {
  readonly #inspection: Inspection;
  readonly #options: ServerOptions;
  readonly #server: Server;
  readonly #files: PageFiles;
  readonly #sockets: PageSockets;
  #guard: Guard | undefined;
  #routes: readonly RouteView[] = [];

  constructor(inspection: Inspection, options: ServerOptions) {
    this.#inspection = inspection;
    this.#options = options;
    this.#files = readPageFiles(options.ui.pageFolder);
    this.#sockets = new PageSockets(inspection, {
      version: options.version,
      skippedBytes: options.skippedBytes,
      beforeClear: options.beforeClear,
      routes: () => this.#routes,
      cookieHeader: () => this.#guard?.cookieHeader(),
    });
    this.#server = createServer(
      { headersTimeout: REQUEST_TIMEOUT_MS, requestTimeout: REQUEST_TIMEOUT_MS, maxHeaderSize: 16_384 },
      (request, response) => void this.#answer(request, response),
    );
    this.#server.on('upgrade', (request, socket, head) => this.#upgrade(request, socket, head));
  }

  /** What it wants to be told of packets. */
  get listener(): RecordListener {
    return this.#sockets;
  }

  setRoutes(routes: readonly RouteView[]): void {
    this.#routes = routes;
    this.#sockets.tellRoutes();
  }

  async start(): Promise<ServerAddresses> {
    const { host, port, hostNames = [] } = this.#options.ui;
    await new Promise<void>((resolve, reject) => {
      const fail = (cause: Error): void =>
        reject(new InspectorError('listen-failed', `Cannot serve the page at ${host}:${port}: ${cause.message}`));
      this.#server.once('error', fail).listen({ host, port }, () => {
        this.#server.off('error', fail).on('error', () => {});
        resolve();
      });
    });
    const chosen = (this.#server.address() as AddressInfo).port;
    this.#guard = new Guard({ port: chosen, hostNames: [host, 'localhost', '127.0.0.1', '::1', ...hostNames] });
    const apiUrl = `http://${host.includes(':') ? `[${host}]` : host}:${chosen}`;
    const { token } = this.#guard;
    return { url: `${apiUrl}/#token=${token}`, apiUrl, token };
  }

  close(): Promise<void> {
    this.#sockets.close();
    return new Promise((resolve) => {
      this.#server.close(() => resolve());
      this.#server.closeAllConnections();
    });
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const guard = this.#guard;
    const refusal = guard?.refuse(request);
    if (!guard || refusal) return sendRefusal(response, refusal ?? { status: 421, error: 'The server is starting.' });
    const path = (request.url ?? '/').split('?', 1)[0] ?? '/';
    if (!path.startsWith('/api/')) return this.#sendFile(request, response, path);
    const stranger = guard.refuseApi(request);
    if (stranger) return sendRefusal(response, stranger);
    try {
      await handleApi(request, response, { guard, inspection: this.#inspection, status: () => this.#status() });
    } catch {
      // A request that breaks off, or a fault of ours: either way only this request ends.
      if (!response.headersSent) response.writeHead(500, securityHeaders);
      response.end();
    }
    return undefined;
  }

  #sendFile(request: IncomingMessage, response: ServerResponse, path: string): void {
    const file = this.#files.get(path);
    const isHead = request.method === 'HEAD';
    if (file && (isHead || request.method === 'GET')) sendPageFile(response, file, isHead);
    else response.writeHead(file ? 405 : 404, { ...securityHeaders, 'content-type': 'text/plain' }).end();
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on('error', () => socket.destroy());
    const guard = this.#guard;
    const isSocket = (request.url ?? '').split('?', 1)[0] === apiRoutes.socket;
    const status = !guard
      ? 421
      : ((guard.refuse(request) ?? guard.refuseApi(request) ?? guard.refuseStranger(request, Date.now()))?.status ??
        (isSocket ? undefined : 404) ??
        (this.#sockets.isFull ? 503 : undefined));
    if (status === undefined) this.#sockets.take(request, socket, head);
    else {
      socket.end(`HTTP/1.1 ${status} Refused\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`, () =>
        socket.destroy(),
      );
    }
  }

  #status(): ApiStatus {
    const { records } = this.#inspection;
    return {
      version: this.#options.version,
      routes: this.#routes,
      stored: records.length,
      dropped: records.dropped,
      skippedBytes: this.#options.skippedBytes(),
      last: records.at(records.length - 1)?.number ?? 0,
      pages: this.#sockets.count,
    };
  }
}
