/** The store of the session: opened before anything is kept in it or sent, and closed once. */
import type { MqttError } from '@omqtt/codec';
import type { SessionStore, StoredMessage, StoredSession } from '@omqtt/contracts';
import type { Session, WhenFull } from '../session/index.ts';
import type { Driver } from './driver.ts';
import { StoreFailedError } from './errors.ts';
import type { Publishing } from './publishing.ts';
import type { ResolvedOptions } from './resolve-options.ts';

export interface StoredStateParts {
  readonly options: ResolvedOptions;
  readonly session: Session;
  readonly driver: Driver;
  /** The session has taken up what was kept. */
  opened(): void;
}

export class StoredState {
  readonly #parts: StoredStateParts;
  readonly #store: SessionStore;
  #opening: Promise<void> | undefined;
  /** Set while it is open. */
  #stored: StoredSession | undefined;
  #isReading = false;
  #isClosed = false;

  constructor(parts: StoredStateParts, store: SessionStore) {
    this.#parts = parts;
    this.#store = store;
  }

  get isOpen(): boolean {
    return this.#stored !== undefined;
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
    if (this.#stored === undefined) return;
    this.#stored = undefined;
    await this.#store.close();
  }

  /** Reads on when few of the messages that it kept are left to send. */
  refill(): void {
    const { session } = this.#parts;
    const after = session.wantedAfter;
    if (after === undefined || this.#isReading || !session.isConnected || this.#stored === undefined) return;
    this.#isReading = true;
    void this.#readOn(this.#stored, after);
  }

  // A store that cannot be read ends the connection, so that the failure is seen, and tried again after a while.
  async #readOn(stored: StoredSession, after: number): Promise<void> {
    const { session, driver } = this.#parts;
    try {
      const window = await stored.read(after, READ_WINDOW);
      this.#isReading = false;
      if (this.#isClosed) return;
      session.readOn(window, driver.now);
      driver.schedule();
    } catch (error) {
      this.#isReading = false;
      if (!this.#isClosed) driver.drop(new StoreFailedError(error));
    }
  }

  async #open(): Promise<void> {
    const { session } = this.#parts;
    const { clientId } = this.#parts.options;
    const stored = await this.#store.open(clientId);
    this.#stored = stored;
    const messages = await readFirst(stored, this.#parts.options.session.queue.whenFull);
    if (this.#isClosed) return;
    const { outbound } = stored;
    const unread = {
      messages: outbound.messages - messages.length,
      bytes: messages.reduce((bytes, { payload }) => bytes - payload.length, outbound.bytes),
    };
    session.restore({
      exists: (stored.expirySeconds ?? 0) > 0,
      isNew: stored.expirySeconds === undefined,
      // The store may know what the server assigned.
      clientId: clientId === '' ? (stored.assignedClientId ?? '') : clientId,
      messages,
      ...(unread.messages > 0 && { unread }),
      inboundIds: stored.inboundIds,
      subscriptions: stored.subscriptions,
      nextSequence: stored.nextSequence,
    });
    this.#parts.opened();
  }
}

/** All that was sent, and as much more as the session needs to begin; all there is if it has to choose among them. */
async function readFirst(stored: StoredSession, whenFull: WhenFull): Promise<readonly StoredMessage[]> {
  const needsAll = whenFull === 'drop-oldest' || whenFull === 'latest-per-topic';
  const messages: StoredMessage[] = [];
  for (let after = 0; ;) {
    const window = await stored.read(after, READ_WINDOW);
    messages.push(...window);
    const last = window.at(-1);
    // A store may end a window early, so that only an empty one is the end. Nothing behind one that waits was sent.
    if (last === undefined || (last.stage === 'waiting' && !needsAll)) return messages;
    after = last.sequence;
  }
}

const READ_WINDOW = 1000;

function doNothing(): void {
  // Whoever opened it was told.
}
