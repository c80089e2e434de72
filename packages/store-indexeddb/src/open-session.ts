/** A session that is open: its lock, its database and its commits, from the one who has them to the next. */
import type { StoreChange, StoredMessage, StoredSession } from '@omqtt/contracts';
import { CommitQueue } from './commit-queue.ts';
import { databaseFactory, openDatabase } from './database.ts';
import { acquireLock, type ExclusiveLock } from './exclusive-lock.ts';
import { IndexedDbStoreError, storeErrorFrom } from './indexed-db-store-error.ts';
import type { IndexedDbStoreOptions } from './store-options.ts';
import { readSession, readWindow, type SessionRows } from './stored-rows.ts';

export interface SessionPlace {
  readonly name: string;
  readonly client: string;
  readonly options: Required<IndexedDbStoreOptions>;
  /** The opening is not wanted any more. */
  readonly signal: AbortSignal;
}

/** First the lock, then the database: nobody else upgrades it or reads a session that is in use. */
export async function openSession(place: SessionPlace): Promise<OpenSession> {
  const { name, client, options, signal } = place;
  const factory = databaseFactory();
  const losses = new Losses();
  const lock = await acquireLock({
    database: name,
    holder: `client ${JSON.stringify(client)}${pathOfPage()}`,
    waitMs: options.lockWaitMs,
    signal,
    lost: () => {
      const what = `another script of this site stole the lock of ${name}; close the store and open it again`;
      losses.tell(new IndexedDbStoreError('store-locked', what, { reason: 'taken' }));
    },
  });
  let database: IDBDatabase | undefined;
  try {
    database = await openDatabase(factory, name, (error) => losses.tell(error));
    const rows = await readSession(database, client);
    if (signal.aborted) throw new IndexedDbStoreError('store-closed', 'it was closed while it opened');
    return new OpenSession({ place, lock, database, rows, losses });
  } catch (error) {
    database?.close();
    await lock.release();
    throw storeErrorFrom(losses.first ?? error, 'when it opened the session');
  }
}

/** Not its query or fragment, which may have secrets. */
function pathOfPage(): string {
  const { pathname } = (globalThis as { location?: Partial<Location> }).location ?? {};
  return pathname === undefined ? '' : ` in ${pathname}`;
}

/** The first loss counts; it may come before anybody listens. */
class Losses {
  first: IndexedDbStoreError | undefined;
  #listener: ((error: IndexedDbStoreError) => void) | undefined;

  tell(error: IndexedDbStoreError): void {
    this.first ??= error;
    this.#listener?.(this.first);
  }

  listen(listener: (error: IndexedDbStoreError) => void): void {
    this.#listener = listener;
    if (this.first !== undefined) listener(this.first);
  }
}

interface SessionParts {
  readonly place: SessionPlace;
  readonly lock: ExclusiveLock;
  readonly database: IDBDatabase;
  readonly rows: SessionRows;
  readonly losses: Losses;
}

export class OpenSession {
  readonly #parts: SessionParts;
  readonly #commits: CommitQueue;
  #isClosed = false;

  constructor(parts: SessionParts) {
    this.#parts = parts;
    const { place, database, rows, losses } = parts;
    this.#commits = new CommitQueue({ database, client: place.client, ledger: rows.ledger, ...place.options });
    losses.listen((error) => {
      this.#commits.fail(error);
      database.close();
    });
  }

  describe(): StoredSession {
    const { ledger, inboundIds, subscriptions } = this.#parts.rows;
    const { highest, ...record } = ledger.record;
    return {
      ...record,
      inboundIds,
      subscriptions,
      outbound: { messages: ledger.messages, bytes: ledger.bytes },
      nextSequence: highest + 1,
      read: (after, limit) => this.#read(after, limit),
    };
  }

  commit(changes: readonly StoreChange[]): Promise<void> {
    return this.#commits.commit(changes);
  }

  async close(): Promise<void> {
    await this.#commits.ended();
    this.#isClosed = true;
    this.#parts.database.close();
    await this.#parts.lock.release();
  }

  async #read(after: number, limit: number): Promise<readonly StoredMessage[]> {
    if (this.#isClosed) throw new IndexedDbStoreError('store-closed', 'it is not open');
    const { database, place, losses } = this.#parts;
    try {
      return await readWindow(database, { client: place.client, after, limit });
    } catch (error) {
      throw losses.first ?? storeErrorFrom(error, 'when it read messages');
    }
  }
}
