/** What the page of the browser tests can do; the tests call it from outside. */
import type { StoreChange } from '@omqtt/contracts';
import { storeExam, type ExamCase, type StoreUnderExam } from '@omqtt/testkit';
import { createClient, type Client } from 'omqtt';
import { indexedDbStore, type IndexedDbStoreError } from '../../src/index.ts';

export interface StorePage {
  /** Runs the case of this title; resolves with what did not hold. */
  readonly examine: (title: string) => Promise<string | undefined>;
  readonly indexedDbStore: typeof indexedDbStore;
  /** A message of so many random bytes, at most 65536, to be put. */
  readonly put: (sequence: number, bytes?: number) => StoreChange;
  /** An empty database, as another program would make it. */
  readonly makeDatabase: (name: string, version: number) => Promise<void>;
  /** What the error says that the action ends with. */
  readonly failureOf: (action: () => unknown) => Promise<StoreFailure>;
  /** Publishes numbers, and tells the test of each one that was accepted. The store names the session. */
  readonly publishNumbers: (plan: PublishPlan) => Promise<void>;
  /** Delivers what waits; resolves with the number of messages that are left. */
  readonly deliver: (plan: Omit<PublishPlan, 'first' | 'count'>) => Promise<number>;
}

export interface PublishPlan {
  readonly url: string;
  readonly store: string;
  readonly first: number;
  readonly count: number;
}

/** Errors do not pass from the page to the test with their members. */
export type StoreFailure =
  | Partial<Pick<IndexedDbStoreError, 'code' | 'reason' | 'retryable' | 'holder' | 'message'>>
  | undefined;

/** What the test lets the page call, by the name of the store. */
type Told = Readonly<Record<`accepted_${string}`, (number: number) => Promise<void>>>;

const page: StorePage = {
  async examine(title) {
    const found = cases().find((candidate) => candidate.title === title);
    if (found === undefined) return 'there is no such case';
    return found.run().then(
      () => undefined,
      (error: unknown) => (error instanceof Error ? error.message : String(error)),
    );
  },
  indexedDbStore,
  put: (sequence, bytes = 1) => ({
    type: 'put',
    message: { sequence, stage: 'waiting', topic: 'a', payload: randomBytes(bytes), qos: 1, retain: false },
  }),
  makeDatabase: (name, version) =>
    new Promise((resolve, reject) => {
      const request = indexedDB.open(name, version);
      request.addEventListener('error', () => reject(new Error('not opened', { cause: request.error })));
      request.addEventListener('success', () => {
        request.result.close();
        resolve();
      });
    }),
  async failureOf(action) {
    try {
      await action();
      return undefined;
    } catch (error) {
      const { code, reason, retryable, holder, message } = error as IndexedDbStoreError;
      return { code, reason, retryable, holder, message };
    }
  },
  async publishNumbers({ url, store, first, count }) {
    const told = globalThis as unknown as Told;
    await using client = clientFor(url, store);
    void client.connect();
    const receipts: Promise<unknown>[] = [];
    for (let number = first; number < first + count; number += 1) {
      const qos = number % 2 === 0 ? 2 : 1;
      const delivery = await client.enqueue(`numbers/${qos}`, String(number), { qos });
      void told[`accepted_${store}`]?.(number);
      receipts.push(delivery.receipt);
    }
    await Promise.all(receipts);
  },
  async deliver({ url, store }) {
    const client = clientFor(url, store);
    await client.connect();
    await client.close({ drainMs: 10_000 });
    const opened = indexedDbStore(store);
    const { outbound } = await opened.open(store);
    await opened.close();
    return outbound.messages;
  },
};

Object.assign(globalThis, { storePage: page });

function cases(): readonly ExamCase[] {
  return storeExam(makeStore, { isDurable: true, canFail: true });
}

async function makeStore(): Promise<StoreUnderExam> {
  const name = `exam ${crypto.randomUUID()}`;
  return {
    store: indexedDbStore(name, { lockWaitMs: 0 }),
    reopen: async () => indexedDbStore(name, { lockWaitMs: 0 }),
    dispose: () => deleted(name),
    failNextCommit: failNextTransaction,
  };
}

/** Zeros would be compressed, and fill nothing. */
function randomBytes(length: number): Uint8Array {
  return crypto.getRandomValues(new Uint8Array(length));
}

function deleted(name: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.deleteDatabase(name);
    request.addEventListener('success', () => resolve());
    request.addEventListener('error', () =>
      reject(new Error('the database was not deleted', { cause: request.error })),
    );
  });
}

/** The next transaction is given up after its rows were written and before it is committed. */
function failNextTransaction(): void {
  const before = Object.getOwnPropertyDescriptor(IDBTransaction.prototype, 'commit') ?? {};
  const failing = function commit(this: IDBTransaction): void {
    Object.defineProperty(IDBTransaction.prototype, 'commit', before);
    this.abort();
  };
  Object.defineProperty(IDBTransaction.prototype, 'commit', { ...before, value: failing });
}

function clientFor(url: string, store: string): Client {
  const client = createClient(url, {
    clientId: store,
    reconnect: { initialMs: 10, maxMs: 200 },
    session: { expirySeconds: 3600, store: indexedDbStore(store) },
  });
  return client;
}
