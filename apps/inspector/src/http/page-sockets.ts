/** The WebSockets of pages. Everything new goes to them in batches, and only to those that can take it. */
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { ConnectionClosing, Inspection, PacketRecord } from '@omqtt/inspect';
import { WebSocketServer, type RawData, type WebSocket } from 'ws';
import { MOST_ROWS_IN_WINDOW, PROTOCOL_VERSION, type RouteView, type ServerMessage } from '../api/messages.ts';
import { socketProtocol } from '../api/routes.ts';
import { PageSession } from '../pages/page-session.ts';
import { readPageMessage } from '../pages/read-page-message.ts';
import { Tally } from '../pages/tally.ts';
import type { RecordListener } from '../record/recorder.ts';
import { nowMs } from '../thread/clock.ts';
import { tokenOffered } from './guard.ts';

const MOST_PAGES = 16;
const MOST_MESSAGE_BYTES = 65_536;
const FLUSH_EVERY_MS = 50;
/** A page that takes no more than this is left alone until it does. */
const MOST_WAITING_BYTES = 4_194_304;

export interface PageSocketsOptions {
  readonly version: string;
  readonly skippedBytes: () => number;
  readonly beforeClear: () => void;
  readonly routes: () => readonly RouteView[];
  /** For who opened a socket with the token. */
  readonly cookieHeader: () => string | undefined;
}

export class PageSockets implements RecordListener {
  readonly #inspection: Inspection;
  readonly #options: PageSocketsOptions;
  readonly #tally = new Tally();
  readonly #server = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    maxPayload: MOST_MESSAGE_BYTES,
    // The token is offered beside it, and never said back.
    handleProtocols: (offered) => offered.has(socketProtocol) && socketProtocol,
  });
  readonly #pages = new Map<WebSocket, PageSession>();
  #timer: NodeJS.Timeout | undefined;
  #dueAt = 0;
  #flushedAt = -Infinity;

  constructor(inspection: Inspection, options: PageSocketsOptions) {
    this.#inspection = inspection;
    this.#options = options;
    this.#server.on('headers', (headers: string[], request: IncomingMessage) => {
      const cookie = tokenOffered(request) === undefined ? undefined : options.cookieHeader();
      if (cookie !== undefined) headers.push(`set-cookie: ${cookie}`);
    });
  }

  get count(): number {
    return this.#pages.size;
  }

  get isFull(): boolean {
    return this.#pages.size >= MOST_PAGES;
  }

  take(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    this.#server.handleUpgrade(request, socket, head, (page) => this.#welcome(page, rowsWanted(request)));
  }

  close(): void {
    clearTimeout(this.#timer);
    for (const page of this.#pages.keys()) page.terminate();
    this.#pages.clear();
    this.#server.close();
  }

  tellRoutes(): void {
    for (const page of this.#pages.keys()) send(page, this.#hello());
  }

  records(records: readonly PacketRecord[]): void {
    for (const record of records) this.#tally.add(record);
    this.#flushSoon();
  }

  changed(records: readonly PacketRecord[]): void {
    for (const record of records) this.#tally.change(record);
    for (const session of this.#pages.values()) session.change(records);
    this.#flushSoon();
  }

  opened(_connection: string, at: number): void {
    this.#tally.opened(at);
    this.#flushSoon();
  }

  closed(_connection: string, { at }: ConnectionClosing): void {
    this.#tally.closed(at);
    this.#flushSoon();
  }

  #welcome(page: WebSocket, rows: number): void {
    const source = {
      inspection: this.#inspection,
      tally: this.#tally,
      skippedBytes: this.#options.skippedBytes,
      clear: () => this.#clear(),
    };
    const session = new PageSession(
      source,
      (message) => send(page, message),
      () => performance.now(),
    );
    this.#pages.set(page, session);
    page
      .on('message', (data: RawData, isBinary: boolean) => {
        const message = isBinary ? 'Messages are text.' : readPageMessage((data as Buffer).toString());
        if (typeof message === 'string') send(page, { type: 'problem', message });
        else session.receive(message);
        this.#flushSoon(0);
      })
      .on('error', () => page.terminate())
      .on('close', () => this.#pages.delete(page));
    send(page, this.#hello());
    if (rows > 0) session.receive({ type: 'window', from: 0, count: rows, follow: true });
    this.#flushSoon(0);
  }

  #hello(): ServerMessage {
    const { version, routes } = this.#options;
    return { type: 'hello', protocol: PROTOCOL_VERSION, version, routes: routes(), now: nowMs() };
  }

  #clear(): void {
    this.#options.beforeClear();
    this.#inspection.records.clear();
    for (const session of this.#pages.values()) session.restart();
  }

  /**
   * What comes after a silence, and what a page asks for, is told at once; else there is a pause after each batch. No
   * timer runs while nothing happens, or nobody looks.
   */
  #flushSoon(delayMs: number = this.#pauseMs()): void {
    if (this.#pages.size === 0) return;
    const dueAt = performance.now() + delayMs;
    if (this.#timer !== undefined && this.#dueAt <= dueAt) return;
    clearTimeout(this.#timer);
    this.#dueAt = dueAt;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#flush();
    }, delayMs);
  }

  #pauseMs(): number {
    return Math.max(0, this.#flushedAt + FLUSH_EVERY_MS - performance.now());
  }

  #flush(): void {
    this.#flushedAt = performance.now();
    const waits = Array.from(this.#pages, ([page, session]) =>
      page.bufferedAmount > MOST_WAITING_BYTES ? FLUSH_EVERY_MS : session.flush(nowMs()),
    ).filter((wait) => wait !== undefined);
    if (waits.length > 0) this.#flushSoon(Math.min(...waits));
  }
}

function rowsWanted({ url = '' }: IncomingMessage): number {
  const wanted = Number(new URLSearchParams(url.split('?', 2)[1]).get('rows'));
  return Number.isSafeInteger(wanted) ? Math.max(0, Math.min(MOST_ROWS_IN_WINDOW, wanted)) : 0;
}

function send(page: WebSocket, message: ServerMessage): void {
  if (page.readyState === page.OPEN) page.send(JSON.stringify(message));
}
