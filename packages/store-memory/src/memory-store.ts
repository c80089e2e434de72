/** A session store that lives as long as the object. */
import type { SessionStore, StoreChange, StoredSession } from '@omqtt/contracts';
import { MemoryStoreError } from './memory-store-error.ts';
import { firstUnknown, SessionMemory } from './session-memory.ts';

/**
 * Keeps sessions by client id. One client at a time has it open; after `close` the next one, with the same client id
 * or another, finds what was kept. Messages are kept as they are given, without a copy of the payload.
 */
export function memoryStore(): SessionStore {
  return new MemoryStore();
}

class MemoryStore implements SessionStore {
  readonly isDurable = false;
  readonly #sessions = new Map<string, SessionMemory>();
  #open: SessionMemory | undefined;

  async open(clientId: string): Promise<StoredSession> {
    if (this.#open !== undefined) throw new MemoryStoreError('store-locked');
    const session = this.#sessions.get(clientId) ?? new SessionMemory();
    this.#sessions.set(clientId, session);
    this.#open = session;
    return session.describe((after, limit) => session.read(after, limit));
  }

  commit(changes: readonly StoreChange[]): void {
    const session = this.#open;
    if (session === undefined) throw new MemoryStoreError('store-closed');
    const unknown = firstUnknown(changes)?.type;
    if (unknown !== undefined) throw new MemoryStoreError('store-failed', `it does not know the change ${unknown}`);
    for (const change of changes) session.apply(change);
  }

  async close(): Promise<void> {
    this.#open = undefined;
  }
}
