/** Group commit: while one transaction runs, the commits that come gather, and become the next one. */
import type { StoreChange } from '@omqtt/contracts';
import { IndexedDbStoreError, storeErrorFrom } from './indexed-db-store-error.ts';
import { planChanges, type PlannedWrite } from './planned-writes.ts';
import { storeNames } from './schema.ts';
import type { SessionLedger } from './session-ledger.ts';

export interface CommitTarget {
  readonly database: IDBDatabase;
  readonly client: string;
  readonly ledger: SessionLedger;
  readonly durability: 'strict' | 'relaxed';
  readonly maxMessages: number;
  readonly maxBytes: number;
}

interface Commit {
  readonly changes: readonly StoreChange[];
  readonly resolve: () => void;
  readonly reject: (error: IndexedDbStoreError) => void;
}

/** More wait only when somebody does not look at the promises. */
const MOST_WAITING = 10_000;

export class CommitQueue {
  readonly #target: CommitTarget;
  #waiting: Commit[] = [];
  #running: Promise<void> | undefined;
  #failure: IndexedDbStoreError | undefined;

  constructor(target: CommitTarget) {
    this.#target = target;
  }

  commit(changes: readonly StoreChange[]): Promise<void> {
    if (this.#failure !== undefined) return Promise.reject(this.#failure);
    if (this.#waiting.length >= MOST_WAITING) {
      const what = `${MOST_WAITING} commits wait already; wait for them first`;
      return Promise.reject(new IndexedDbStoreError('store-full', what));
    }
    return new Promise((resolve, reject) => {
      this.#waiting.push({ changes, resolve, reject });
      this.#running ??= this.#run();
    });
  }

  /** Resolves when all commits have ended. */
  async ended(): Promise<void> {
    await this.#running;
  }

  /** The database is gone: nothing can be committed any more. */
  fail(error: IndexedDbStoreError): void {
    this.#failure ??= error;
  }

  async #run(): Promise<void> {
    // What is committed in the same turn goes together, too.
    await Promise.resolve();
    while (this.#waiting.length > 0) {
      const batch = this.#waiting;
      this.#waiting = [];
      await this.#commitTogether(batch);
    }
    this.#running = undefined;
  }

  async #commitTogether(batch: readonly Commit[]): Promise<void> {
    const ledger = this.#target.ledger.branch();
    const writes: PlannedWrite[] = [];
    const accepted: Commit[] = [];
    for (const commit of batch) {
      const planned = this.#planWithinLimits(commit, ledger);
      if (planned === undefined) continue;
      for (const one of planned) writes.push(one);
      accepted.push(commit);
    }
    const { record } = ledger;
    if (record !== this.#target.ledger.record) {
      writes.push({ store: 'sessions', key: [this.#target.client], value: record });
    }
    try {
      if (this.#failure !== undefined) throw this.#failure;
      if (writes.length > 0) await writeAll(this.#target, writes);
      ledger.merge();
      for (const { resolve } of accepted) resolve();
    } catch (error) {
      await this.#failed(accepted, error);
    }
  }

  /** `undefined` when the commit was refused. A commit without new messages never is. */
  #planWithinLimits(commit: Commit, ledger: SessionLedger): readonly PlannedWrite[] | undefined {
    const { client, maxMessages, maxBytes } = this.#target;
    const trial = ledger.branch();
    const planned = attempt(() => planChanges(client, commit.changes, trial));
    if (planned instanceof IndexedDbStoreError) {
      commit.reject(planned);
      return undefined;
    }
    const tooMany = trial.messages > maxMessages && trial.messages > ledger.messages;
    const tooLarge = trial.bytes > maxBytes && trial.bytes > ledger.bytes;
    if (tooMany || tooLarge) {
      const limit = tooMany ? `maxMessages is ${maxMessages}` : `maxBytes is ${maxBytes}`;
      const what = `${limit}, and ${ledger.messages} messages of ${ledger.bytes} bytes wait already`;
      commit.reject(new IndexedDbStoreError('store-full', what));
      return undefined;
    }
    trial.merge();
    return planned;
  }

  // One commit that cannot be must not take the others with it; alone, each gets the answer that is its own.
  async #failed(batch: readonly Commit[], cause: unknown): Promise<void> {
    if (batch.length > 1 && this.#failure === undefined) {
      for (const commit of batch) await this.#commitTogether([commit]);
      return;
    }
    const error = this.#failure ?? storeErrorFrom(cause, 'when it committed');
    for (const { reject } of batch) reject(error);
  }
}

// A change that is not what its type says is the fault of one commit, and not the end of all.
function attempt(planning: () => readonly PlannedWrite[]): readonly PlannedWrite[] | IndexedDbStoreError {
  try {
    return planning();
  } catch (error) {
    return storeErrorFrom(error, 'when it looked at the changes');
  }
}

/** Resolves when the transaction is as durable as it was asked to be. */
function writeAll({ database, durability }: CommitTarget, writes: readonly PlannedWrite[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const transaction = database.transaction(storeNames, 'readwrite', { durability });
    transaction.addEventListener('complete', () => resolve());
    transaction.addEventListener('abort', () => reject(transaction.error ?? new DOMException('', 'AbortError')));
    try {
      for (const { store, key, value } of writes) {
        if (value === undefined) transaction.objectStore(store).delete(key);
        else transaction.objectStore(store).put(value, key as IDBValidKey);
      }
      // Without waiting for the answers to the requests.
      transaction.commit();
    } catch (error) {
      reject(storeErrorFrom(error, 'when it committed'));
      giveUp(transaction);
    }
  });
}

function giveUp(transaction: IDBTransaction): void {
  try {
    transaction.abort();
  } catch {
    // The browser has ended it before, which is why a request could not be made.
  }
}
