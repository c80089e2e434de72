/** A dropped file, read in a worker of the page: nothing leaves the browser. */
import type { PageMessage, ServerMessage } from '../../src/api/messages.ts';
import type { Mark } from '../marks.ts';
import { exportName, type ExportedFile, type ExportRequest, type Feed, type FeedSink } from './feed.ts';

/** What the worker gets besides the messages of a page. */
export type WorkerRequest =
  | PageMessage
  | { readonly type: 'open'; readonly file: File }
  | { readonly type: 'export'; readonly request: ExportRequest };

export type WorkerAnswer =
  | ServerMessage
  | { readonly type: 'exported'; readonly blob: Blob }
  | { readonly type: 'marks'; readonly marks: readonly Mark[] }
  | { readonly type: 'failed'; readonly reason: string };

export class FileFeed implements Feed {
  readonly kind = 'file';
  readonly #file: File;
  readonly #worker: Worker;
  #blobUrl: string | undefined;
  #waiting: { readonly resolve: (blob: Blob) => void; readonly reject: (error: Error) => void } | undefined;

  constructor(file: File) {
    this.#file = file;
    this.#worker = new Worker(workerAddress(), { type: 'module' });
  }

  start(sink: FeedSink): void {
    this.#worker.addEventListener('message', ({ data }: MessageEvent<WorkerAnswer>) => {
      if (data.type === 'exported') this.#waiting?.resolve(data.blob);
      else if (data.type === 'marks') sink.marked(data.marks);
      else if (data.type === 'failed') this.#failed(data.reason, sink);
      else sink.message(data);
    });
    this.#worker.addEventListener('error', () => this.#failed('The file could not be read to its end.', sink));
    this.#post({ type: 'open', file: this.#file });
  }

  send(message: PageMessage): void {
    this.#post(message);
  }

  async export(request: ExportRequest): Promise<ExportedFile> {
    const made = new Promise<Blob>((resolve, reject) => {
      this.#waiting = { resolve, reject };
    });
    this.#post({ type: 'export', request });
    this.#free();
    this.#blobUrl = URL.createObjectURL(await made);
    return { url: this.#blobUrl, name: exportName(request) };
  }

  close(): void {
    this.#worker.terminate();
    this.#waiting?.reject(new Error('The file was closed.'));
    this.#free();
  }

  #post(request: WorkerRequest): void {
    this.#worker.postMessage(request, []);
  }

  #failed(reason: string, sink: FeedSink): void {
    this.#waiting?.reject(new Error(reason));
    sink.ended(reason);
  }

  #free(): void {
    if (this.#blobUrl !== undefined) URL.revokeObjectURL(this.#blobUrl);
    this.#blobUrl = undefined;
  }
}

interface TrustedTypes {
  createPolicy(name: string, rules: { createScriptURL(url: string): string }): { createScriptURL(url: string): string };
}

/** The page forbids itself to load code from texts; this one address, which is written here, is the exception. */
function workerAddress(): string {
  const { trustedTypes } = globalThis as { readonly trustedTypes?: TrustedTypes };
  workerPolicy ??= trustedTypes?.createPolicy('omqtt-worker', { createScriptURL: (url) => url });
  const address = './assets/file-worker.js';
  return workerPolicy?.createScriptURL(address) ?? address;
}

let workerPolicy: ReturnType<TrustedTypes['createPolicy']> | undefined;
