/** The store of the session: opened before anything is kept in it or sent, and closed once. */
import type { MqttError } from '@omqtt/codec';
import type { SessionStore, StoredSession } from '@omqtt/contracts';
import type { Session } from '../session/index.ts';
import { StoreFailedError } from './errors.ts';
import type { Publishing } from './publishing.ts';
import type { ResolvedOptions } from './resolve-options.ts';

export interface StoredStateParts {
  readonly options: ResolvedOptions;
  readonly session: Session;
  /** The session has taken up what was kept. */
  opened(): void;
}

export class StoredState {
  readonly #parts: StoredStateParts;
  readonly #store: SessionStore;
  #opening: Promise<void> | undefined;
  #isOpen = false;
  #isClosed = false;

  constructor(parts: StoredStateParts, store: SessionStore) {
    this.#parts = parts;
    this.#store = store;
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** A store that could not be opened is tried again by the next call. */
  open(): Promise<void> {
    this.#opening ??= this.#open().catch((error: unknown) => {
      this.#opening = undefined;
      throw new StoreFailedError(error);
    });
    return this.#opening;
  }

  /** Publishers may come before the first connection; those who wait for a store that cannot be opened are told. */
  openFor(publishing: Publishing): void {
    if (!this.isOpen) this.open().catch((error: unknown) => publishing.refuseAll(error as MqttError));
  }

  /** A store that another owner has open is not touched. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#opening?.catch(doNothing);
    if (!this.#isOpen) return;
    this.#isOpen = false;
    await this.#store.close();
  }

  async #open(): Promise<void> {
    const { session } = this.#parts;
    const { clientId } = this.#parts.options;
    const stored = await this.#store.open(clientId);
    this.#isOpen = true;
    const messages = await readAll(stored);
    if (this.#isClosed) return;
    session.restore({
      exists: (stored.expirySeconds ?? 0) > 0,
      isNew: stored.expirySeconds === undefined,
      // The store may know what the server assigned.
      clientId: clientId === '' ? (stored.assignedClientId ?? '') : clientId,
      messages,
      inboundIds: stored.inboundIds,
      subscriptions: stored.subscriptions,
      nextSequence: stored.nextSequence,
    });
    this.#parts.opened();
  }
}

async function readAll(stored: StoredSession): Promise<Parameters<Session['restore']>[0]['messages']> {
  const messages = [];
  for (let after = 0; ;) {
    const window = await stored.read(after, READ_WINDOW);
    messages.push(...window);
    const last = window.at(-1);
    // A store may end a window early, so that only an empty one is the end.
    if (last === undefined) return messages;
    after = last.sequence;
  }
}

const READ_WINDOW = 1000;

function doNothing(): void {
  // Whoever opened it was told.
}
