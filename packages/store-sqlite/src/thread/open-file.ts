/** A database file that this process alone has open, and the session in it that is in use. */
import { closeSync, openSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'better-sqlite3';
import type { StoreFault } from '../sqlite-store-error.ts';
import type { ResolvedOptions } from '../store-options.ts';
import type { CommitRequest, Request } from '../wire.ts';
import { FaultError, faultOf } from './fault.ts';
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
  readonly #trouble: Trouble;
  readonly #apply: (batch: Uint8Array, ends: readonly number[]) => void;

  private constructor(database: Database.Database, session: SessionTables, parts: { path: string; trouble: Trouble }) {
    this.#database = database;
    this.session = session;
    this.#path = parts.path;
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
  commit({ batch, ends }: CommitRequest): Faults {
    const fault = this.#try(batch, [0, ...ends]);
    if (fault === undefined) return undefined;
    if (ends.length === 1) return [fault];
    return ends.map((end, index) => this.#try(batch, [ends[index - 1] ?? 0, end]));
  }

  close(): void {
    removeHolder(this.#path);
    this.#database.close();
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
