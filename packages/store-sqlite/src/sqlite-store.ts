/** A session store in an SQLite file. */
import { hostname } from 'node:os';
import type { SessionStore, StoreChange, StoredMessage, StoredSession } from '@omqtt/contracts';
import { DiskQueue } from './disk-queue.ts';
import { DiskThread } from './disk-thread.ts';
import { claimPath } from './open-paths.ts';
import { runtimeFault } from './runtime-check.ts';
import { SqliteStoreError, type StoreFault } from './sqlite-store-error.ts';
import { type ResolvedOptions, resolveOptions, type SqliteStoreOptions } from './store-options.ts';
import { messagesOf } from './window-messages.ts';

/**
 * Keeps sessions in the file, which is made when it does not exist. Nothing is touched before `open`. One client at a
 * time has the file open, whatever its client id is: give each a file of its own.
 */
export function sqliteStore(path: string, options: SqliteStoreOptions = {}): SessionStore {
  if (path === '' || path.startsWith(':') || path.startsWith('file:')) {
    throw new TypeError(`sqliteStore: the path of a file is needed, not ${JSON.stringify(path)}`);
  }
  return new SqliteStore(path, resolveOptions(options));
}

/** What belongs to the time between `open` and `close`. */
interface OpenStore {
  readonly queue: DiskQueue;
  readonly thread: DiskThread;
  readonly release: () => void;
}

export class SqliteStore implements SessionStore {
  readonly isDurable = true;
  readonly #path: string;
  readonly #options: ResolvedOptions;
  /** For tests: faults to happen on the other thread. */
  readonly #trouble: SharedArrayBuffer | undefined;
  #open: OpenStore | undefined;
  #opening: Promise<unknown> | undefined;
  #closing: Promise<void> | undefined;

  constructor(path: string, options: ResolvedOptions, trouble?: SharedArrayBuffer) {
    this.#path = path;
    this.#options = options;
    this.#trouble = trouble;
  }

  async open(clientId: string): Promise<StoredSession> {
    if (this.#opening !== undefined) {
      throw this.#error({ code: 'store-locked', fact: 'it has a session open already; close that one first' });
    }
    const opening = this.#begin(clientId);
    this.#opening = opening;
    try {
      return await opening;
    } catch (error) {
      this.#opening = undefined;
      throw error;
    }
  }

  commit(changes: readonly StoreChange[]): Promise<void> | void {
    if (this.#open === undefined) throw this.#error({ code: 'store-closed', fact: 'it is not open' });
    return changes.length === 0 ? undefined : this.#open.queue.commit(changes);
  }

  close(): Promise<void> {
    this.#closing ??= this.#end().finally(() => {
      this.#closing = undefined;
    });
    return this.#closing;
  }

  async #begin(clientId: string): Promise<StoredSession> {
    const fault = runtimeFault(process.versions);
    if (fault !== undefined) throw this.#error(fault);
    const release = this.#claim();
    const thread = new DiskThread(this.#path, this.#trouble);
    const queue = new DiskQueue(thread, this.#path);
    const open: OpenStore = { queue, thread, release };
    try {
      const request = { type: 'open', path: this.#path, clientId, options: this.#options } as const;
      const facts = await queue.do(() => thread.ask(request));
      this.#open = open;
      return { ...facts, read: (after, limit) => this.#read(open, after, limit) };
    } catch (error) {
      await thread.stop();
      release();
      throw error;
    }
  }

  #claim(): () => void {
    const claim = claimPath(this.#path);
    if (typeof claim === 'function') return claim;
    const holder = { pid: process.pid, host: hostname(), since: claim.since };
    const fact = `another client of this process has had the file open since ${claim.since}; give each a file of its own`;
    throw this.#error({ code: 'store-locked', fact, holder });
  }

  async #read(open: OpenStore, after: number, limit: number): Promise<readonly StoredMessage[]> {
    if (open !== this.#open) throw this.#error({ code: 'store-closed', fact: 'it was closed' });
    const { window } = await open.queue.do((thread) => thread.ask({ type: 'read', after, limit }));
    return messagesOf(window);
  }

  async #end(): Promise<void> {
    await this.#opening?.catch(doNothing);
    const open = this.#open;
    if (open === undefined) return;
    const { queue, thread, release } = open;
    // From now on nothing is accepted; what was accepted before stands in the queue.
    this.#open = undefined;
    try {
      await queue.do(() => thread.ask({ type: 'close' }));
    } finally {
      await thread.stop();
      release();
      this.#opening = undefined;
    }
  }

  #error(fault: StoreFault): SqliteStoreError {
    return new SqliteStoreError(fault, this.#path);
  }
}

function doNothing(): void {
  // Whoever opened it was told.
}
