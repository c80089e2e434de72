/** Where one case of the store exam takes place: a store, the stores over the same data, and their end. */
import type { SessionStore, StoreChange, StoredMessage, StoredSession } from '@omqtt/contracts';
import { expectTrue, runAndDispose, within, type ExamCase } from './exam-case.ts';
import type { StoreCapabilities, StoreUnderExam } from './store-exam.ts';

export interface StoreCase {
  readonly title: string;
  /** Left out for stores that cannot be made to fail. */
  readonly needsFailure?: boolean;
  readonly run: (arena: StoreArena) => Promise<void>;
}

/** Binds a case to what is examined. */
export function examineStore(
  makeStore: () => Promise<StoreUnderExam>,
  capabilities: StoreCapabilities,
  { title, run }: StoreCase,
): ExamCase {
  return {
    title,
    run: async () => {
      const arena = new StoreArena(await makeStore(), capabilities);
      await runAndDispose(
        () => run(arena),
        () => arena.dispose(),
      );
    },
  };
}

/** The client id of the cases that need only one. */
export const CLIENT = 'exam';
const DEFAULT_LIMIT_MS = 10_000;

export class StoreArena {
  readonly subject: StoreUnderExam;
  readonly capabilities: StoreCapabilities;
  readonly #stores: SessionStore[];
  #store: SessionStore;

  constructor(subject: StoreUnderExam, capabilities: StoreCapabilities) {
    this.subject = subject;
    this.capabilities = capabilities;
    this.#store = subject.store;
    this.#stores = [subject.store];
  }

  /** The store that is in use. */
  get store(): SessionStore {
    return this.#store;
  }

  wait<Value>(promise: PromiseLike<Value> | Value, what: string): Promise<Value> {
    return within(promise, this.capabilities.limitMs ?? DEFAULT_LIMIT_MS, () => what);
  }

  open(clientId: string = CLIENT): Promise<StoredSession> {
    return this.wait(this.#store.open(clientId), 'open');
  }

  async commit(...changes: readonly StoreChange[]): Promise<void> {
    await this.wait(this.#store.commit(changes), 'commit');
  }

  async close(): Promise<void> {
    await this.wait(this.#store.close(), 'close');
  }

  /** Another store over the same data, that is not in use. */
  async another(): Promise<SessionStore> {
    const other = await this.wait(this.subject.reopen(), 'another store over the same data');
    const isItself = this.#stores.includes(other);
    expectTrue(!isItself || !this.capabilities.isDurable, 'reopen gave the same store again, which shows nothing');
    if (!isItself) this.#stores.push(other);
    return other;
  }

  /** Closes the store, and reads the session with another one, which is in use from then on. */
  async reopen(clientId: string = CLIENT): Promise<StoredSession> {
    await this.close();
    this.#store = await this.another();
    return this.open(clientId);
  }

  async dispose(): Promise<void> {
    for (const store of this.#stores) await this.wait(store.close(), 'close');
    await this.subject.dispose();
  }
}

export async function readAll(session: StoredSession, limit = 1000): Promise<StoredMessage[]> {
  const all: StoredMessage[] = [];
  for (;;) {
    const window = await session.read(all.at(-1)?.sequence ?? 0, limit);
    if (window.length === 0) return all;
    all.push(...window);
  }
}

/** What is kept beside the messages, member by member: a session may have getters. */
export function besideMessages(session: StoredSession): Omit<StoredSession, 'nextSequence' | 'read'> {
  const { assignedClientId, expirySeconds, aliveAt, inboundIds, subscriptions, outbound } = session;
  return {
    ...(assignedClientId === undefined ? {} : { assignedClientId }),
    ...(expirySeconds === undefined ? {} : { expirySeconds }),
    ...(aliveAt === undefined ? {} : { aliveAt }),
    inboundIds,
    subscriptions,
    outbound: { messages: outbound.messages, bytes: outbound.bytes },
  };
}

/** A message that waits; `changes` replaces what a case cares about. */
export function messageOf(sequence: number, changes: Partial<StoredMessage> = {}): StoredMessage {
  const payload = Uint8Array.of(sequence & 0xff, 0, 0xff);
  return { sequence, stage: 'waiting', topic: `exam/${sequence}`, payload, qos: 1, retain: false, ...changes };
}

export function put(sequence: number, changes: Partial<StoredMessage> = {}): StoreChange {
  return { type: 'put', message: messageOf(sequence, changes) };
}
