/** The other thread, seen from this one. */
import { Worker } from 'node:worker_threads';
import { SqliteStoreError, type StoreFault } from './sqlite-store-error.ts';
import type { Replies, Request } from './wire.ts';

// Sources run as they are; what is published was compiled.
const file: URL = import.meta.url.endsWith('.ts')
  ? new URL('./thread/worker.ts', import.meta.url)
  : new URL('./thread/worker.js', import.meta.url);

interface Waiter {
  readonly resolve: (reply: never) => void;
  readonly reject: (error: SqliteStoreError) => void;
}

/** Takes one request at a time: the caller waits for the reply before it makes the next one. */
export class DiskThread {
  readonly #path: string;
  readonly #worker: Worker;
  #waiter: Waiter | undefined;
  #end: StoreFault | undefined;

  constructor(path: string, trouble: SharedArrayBuffer | undefined) {
    this.#path = path;
    // What the program was started with, such as `--input-type`, is not meant for this file.
    this.#worker = new Worker(file, { workerData: { trouble }, name: 'omqtt-store-sqlite', execArgv: [] });
    // It keeps the process alive only while something is asked of it.
    this.#worker.unref();
    this.#worker.on('message', (message: { readonly reply: never } | { readonly fault: StoreFault }) => {
      if ('fault' in message) this.#fail(message.fault);
      else this.#take()?.resolve(message.reply);
    });
    this.#worker.on('error', (error: unknown) => this.#ended(`the thread of the disk failed: ${String(error)}`));
    this.#worker.on('exit', () => this.#ended('the thread of the disk has ended'));
  }

  ask<Type extends Request['type']>(
    request: Extract<Request, { readonly type: Type }>,
    transfer: readonly ArrayBuffer[] = [],
  ): Promise<Replies[Type]> {
    return new Promise((resolve, reject) => {
      if (this.#end !== undefined) {
        reject(new SqliteStoreError(this.#end, this.#path));
        return;
      }
      this.#waiter = { resolve, reject };
      this.#worker.ref();
      this.#worker.postMessage(request, transfer);
    });
  }

  async stop(): Promise<void> {
    await this.#worker.terminate();
  }

  #take(): Waiter | undefined {
    const waiter = this.#waiter;
    this.#waiter = undefined;
    this.#worker.unref();
    return waiter;
  }

  #fail(fault: StoreFault): void {
    this.#take()?.reject(new SqliteStoreError(fault, this.#path));
  }

  #ended(fact: string): void {
    this.#end ??= { code: 'store-failed', fact: `${fact}; close the store and open it again` };
    this.#fail(this.#end);
  }
}
