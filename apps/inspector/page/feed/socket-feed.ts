/** The server's WebSocket. A connection that is lost is tried again, with growing pauses, some times. */
import { apiRoutes } from '../../src/api/routes.ts';
import type { PageMessage, ServerMessage } from '../../src/api/messages.ts';
import type { Beginning } from './beginning.ts';
import { whyStranger } from './sign-in.ts';
import { exportName, type ExportedFile, type ExportRequest, type Feed, type FeedSink } from './feed.ts';

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 8000;
const MOST_ATTEMPTS = 20;

export class SocketFeed implements Feed {
  readonly kind = 'live';
  #socket: WebSocket | undefined;
  #attempts = 0;
  #timer: number | undefined;
  #isClosed = false;
  #blobUrl: string | undefined;
  /** One that was begun before the page was there. */
  #begun: Beginning | undefined;

  constructor(begun?: Beginning) {
    this.#begun = begun;
  }

  start(sink: FeedSink): void {
    if (this.#isClosed) return;
    const begun = this.#begun;
    const socket = begun?.socket ?? new WebSocket(apiRoutes.socket);
    this.#begun = undefined;
    this.#socket = socket;
    const take = ({ data }: MessageEvent): void => {
      this.#attempts = 0;
      // The server made it; a payload is text in it, never more.
      sink.message(JSON.parse(String(data)) as ServerMessage);
    };
    for (const event of begun?.takeWaiting() ?? []) take(event);
    const closed = (): void => void this.#closed(sink, begun);
    if (socket.readyState === WebSocket.CLOSED) return closed();
    socket.addEventListener('message', take);
    socket.addEventListener('close', closed);
  }

  /** One that was refused for good is not tried again. */
  async #closed(sink: FeedSink, begun: Beginning | undefined): Promise<void> {
    const refusal = (await begun?.whyRefused()) ?? (await whyStranger());
    if (refusal === undefined) this.#lost(sink);
    else if (!this.#isClosed) sink.ended(refusal);
  }

  send(message: PageMessage): void {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(message));
  }

  async export(request: ExportRequest): Promise<ExportedFile> {
    const { format, filter, withSecrets, marks } = request;
    const query = new URLSearchParams({ format, filter, ...(withSecrets && { secrets: 'show' }) }).toString();
    const name = exportName(request);
    if (marks.length === 0) return { url: `${apiRoutes.export}?${query}`, name };
    // The server does not know the marks of a page.
    const response = await fetch(apiRoutes.export, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query, marks }),
    });
    if (!response.ok) throw new Error('The inspector did not make the file.');
    this.#free();
    this.#blobUrl = URL.createObjectURL(await response.blob());
    return { url: this.#blobUrl, name };
  }

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    this.#socket?.close();
    this.#free();
  }

  #free(): void {
    if (this.#blobUrl !== undefined) URL.revokeObjectURL(this.#blobUrl);
    this.#blobUrl = undefined;
  }

  #lost(sink: FeedSink): void {
    if (this.#isClosed) return;
    this.#attempts += 1;
    if (this.#attempts > MOST_ATTEMPTS) {
      sink.ended('The inspector cannot be reached. Is it still running? Load the page again when it is.');
      return;
    }
    sink.ended('The connection to the inspector was lost. Trying again.');
    const pause = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (this.#attempts - 1));
    this.#timer = setTimeout(() => this.start(sink), pause);
  }
}
