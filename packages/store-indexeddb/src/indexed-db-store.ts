/** A session store that outlives the page. */
import type { SessionStore, StoreChange, StoredSession } from '@omqtt/contracts';
import { IndexedDbStoreError } from './indexed-db-store-error.ts';
import { openSession, type OpenSession } from './open-session.ts';
import { firstUnknown } from './planned-writes.ts';
import { checkName, resolveOptions, type IndexedDbStoreOptions } from './store-options.ts';

/**
 * Keeps sessions by client id in the database of this name. One tab or worker of the site has it open at a time.
 * Nothing is opened before `open`. The bytes of a payload must not change before its commit has ended.
 */
export function indexedDbStore(name: string, options: IndexedDbStoreOptions = {}): SessionStore {
  checkName(name);
  return new IndexedDbStore(name, resolveOptions(options));
}

/** From the call of `open` on. */
interface Tenure {
  readonly client: string;
  readonly abort: AbortController;
  readonly opening: Promise<OpenSession>;
  session?: OpenSession;
  closing?: Promise<void>;
}

class IndexedDbStore implements SessionStore {
  readonly isDurable = true;
  readonly #name: string;
  readonly #options: Required<IndexedDbStoreOptions>;
  #tenure: Tenure | undefined;

  constructor(name: string, options: Required<IndexedDbStoreOptions>) {
    this.#name = name;
    this.#options = options;
  }

  async open(clientId: string): Promise<StoredSession> {
    // Without a turn in between where there is nothing to wait for: `close` may be the next call.
    if (this.#tenure?.closing !== undefined) await this.#tenure.closing;
    if (this.#tenure !== undefined) {
      const holder = `this store has the session of client ${JSON.stringify(this.#tenure.client)} open`;
      throw new IndexedDbStoreError('store-locked', `${holder}; close it first, or make one more store`, { holder });
    }
    const abort = new AbortController();
    const place = { name: this.#name, client: clientId, options: this.#options, signal: abort.signal };
    const tenure: Tenure = { client: clientId, abort, opening: openSession(place) };
    this.#tenure = tenure;
    try {
      tenure.session = await tenure.opening;
    } catch (error) {
      if (this.#tenure === tenure) this.#tenure = undefined;
      throw error;
    }
    return tenure.session.describe();
  }

  commit(changes: readonly StoreChange[]): Promise<void> {
    const { session, closing } = this.#tenure ?? {};
    if (session === undefined || closing !== undefined) {
      return Promise.reject(new IndexedDbStoreError('store-closed', 'it is not open'));
    }
    const unknown = firstUnknown(changes)?.type;
    if (unknown !== undefined) {
      const what = `it does not know the change ${unknown}, which a later version may`;
      return Promise.reject(new IndexedDbStoreError('store-failed', what, { reason: 'unknown-change' }));
    }
    return session.commit(changes);
  }

  async close(): Promise<void> {
    const tenure = this.#tenure;
    if (tenure === undefined) return;
    tenure.closing ??= this.#end(tenure);
    await tenure.closing;
  }

  async #end(tenure: Tenure): Promise<void> {
    tenure.abort.abort();
    const session = await tenure.opening.catch(() => undefined);
    await session?.close();
    if (this.#tenure === tenure) this.#tenure = undefined;
  }
}
