/** A database file that this process alone has open, and the session in it that is in use. */
import { closeSync, openSync, rmSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'better-sqlite3';
import type { StoreFault } from '../sqlite-store-error.ts';
import type { ResolvedOptions } from '../store-options.ts';
import type { CommitRequest, Request } from '../wire.ts';
import { FaultError, faultOf } from './fault.ts';
import { hasRoomFor, noRoom } from './disk-room.ts';
import { checkFile } from './file-check.ts';
import { lockedFault, removeHolder, writeHolder } from './holder-file.ts';
import { migrate } from './schema.ts';
import { SessionTables } from './session-tables.ts';
import type { Trouble } from './trouble.ts';

type OpenRequest = Extract<Request, { readonly type: 'open' }>;
type Faults = readonly (StoreFault | undefined)[] | undefined;

export class OpenFile {
  readonly session: SessionTables;
  readonly #database: Database.Database;
  readonly #path: string;
  readonly #identity: string | undefined;
  readonly #trouble: Trouble;
  readonly #apply: (batch: Uint8Array, ends: readonly number[]) => void;

  private constructor(database: Database.Database, session: SessionTables, parts: { path: string; trouble: Trouble }) {
    this.#database = database;
    this.session = session;
    this.#path = parts.path;
    this.#identity = identityOf(parts.path);
    this.#trouble = parts.trouble;
    this.#apply = database.transaction((batch: Uint8Array, ends: readonly number[]) => {
      this.#trouble.step();
      session.apply(batch, { from: ends[0] ?? 0, to: ends.at(-1) ?? 0 }, this.#trouble);
      // The last step before it is durable.
      this.#trouble.step();
    });
  }

  static open({ path, clientId, options }: OpenRequest, trouble: Trouble): OpenFile {
    let database: Database.Database | undefined;
    try {
      makeFile(path);
      checkFile(path, options.verifyOnOpen);
      database = lock(path, options);
      writeHolder(path);
      // Left by the check, and by nobody else: this connection has its index in memory.
      rmSync(`${path}-shm`, { force: true });
      migrate(database);
      return new OpenFile(database, SessionTables.of(database, clientId), { path, trouble });
    } catch (error) {
      if (database !== undefined) removeHolder(path);
      database?.close();
      const fault = faultOf(error);
      throw fault.code === 'store-locked' ? new FaultError(lockedFault(path)) : error;
    }
  }

  /** All in one transaction; when that fails, each commit in one of its own, so that none suffers for another. */
  commit({ batch, ends, puts }: CommitRequest): Faults {
    // Some systems let an open file go on without its name: nobody would find what is written to it.
    if (identityOf(this.#path) !== this.#identity) return ends.map(() => gone);
    const fault = this.#tryWithRoom(batch, [0, ...ends], puts.includes(true));
    if (fault === undefined) return undefined;
    if (ends.length === 1) return [fault];
    return ends.map((end, index) => this.#tryWithRoom(batch, [ends[index - 1] ?? 0, end], puts[index] === true));
  }

  close(): void {
    removeHolder(this.#path);
    this.#database.close();
  }

  // On a disk that is about full the log is written back and emptied, which makes room: then it has to do, or not.
  #tryWithRoom(batch: Uint8Array, ends: readonly number[], puts: boolean): StoreFault | undefined {
    const bytes = (ends.at(-1) ?? 0) - (ends[0] ?? 0);
    if (puts && !hasRoomFor(this.#path, bytes)) {
      this.#emptyLog();
      if (!hasRoomFor(this.#path, bytes, this.#reusableBytes())) return noRoom;
    }
    const fault = this.#try(batch, ends);
    if (fault?.code !== 'store-full' || puts) return fault;
    this.#emptyLog();
    return this.#try(batch, ends);
  }

  #reusableBytes(): number {
    const [pages = 0, pageBytes = 0] = ['freelist_count', 'page_size'].map(
      (name) => this.#database.pragma(name, { simple: true }) as number,
    );
    return pages * pageBytes;
  }

  #emptyLog(): void {
    try {
      this.#database.pragma('wal_checkpoint(TRUNCATE)');
    } catch {
      // There is no room for that, either; what is in the log stays there.
    }
  }

  #try(batch: Uint8Array, ends: readonly number[]): StoreFault | undefined {
    try {
      this.#apply(batch, ends);
    } catch (error) {
      this.session.recount();
      return faultOf(error);
    }
    // Durable, and nobody knows yet.
    this.#trouble.step();
    return undefined;
  }
}

/** The same as long as the path leads to the same file. */
function identityOf(path: string): string | undefined {
  const found = statSync(path, { bigint: true, throwIfNoEntry: false });
  return found && `${found.dev}:${found.ino}`;
}

const gone: StoreFault = {
  code: 'store-failed',
  fact: 'the file was deleted, moved or replaced while it was open; close the client and make a new one',
};

/** What is published may be private: only its owner may read the file. */
function makeFile(path: string): void {
  try {
    closeSync(openSync(path, 'wx', 0o600));
  } catch (error) {
    const { code } = error as { readonly code?: string };
    if (code === 'EEXIST') return;
    if (code !== 'ENOENT') throw error;
    throw new FaultError({ code: 'store-failed', fact: `the folder ${dirname(path)} does not exist; make it first` });
  }
}

/** Opens the file for this process alone, from the first access until the end of the process. */
function lock(path: string, { durability, maxFileBytes }: ResolvedOptions): Database.Database {
  const database = new Database(path, { fileMustExist: true, timeout: 0 });
  try {
    // Before the write-ahead log is first used: its index then stays in memory, and the lock is exclusive from there on.
    database.pragma('locking_mode = EXCLUSIVE');
    database.pragma('journal_mode = WAL');
    database.pragma(`synchronous = ${durability === 'full' ? 'FULL' : 'NORMAL'}`);
    // On macOS `fsync` does not reach the disk; this does.
    if (durability === 'full') database.pragma('fullfsync = ON');
    database.pragma('cache_size = -8192');
    const pageBytes = database.pragma('page_size', { simple: true }) as number;
    if (maxFileBytes !== Infinity) database.pragma(`max_page_count = ${Math.floor(maxFileBytes / pageBytes)}`);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}
