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
  readonly resultOf: typeof resultOf;
  /** Two clients keep a row of each kind, and close. */
  readonly keepSession: (name: string) => Promise<void>;
  /** Every row of the database, also those that a store would not show. */
  readonly rowsOf: (name: string) => Promise<readonly RawRow[]>;
  /** Writes a row as another script of the site could; without a value the row is deleted. */
  readonly writeRow: (name: string, row: RawRow) => Promise<void>;
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

export interface RawRow {
  readonly store: string;
  readonly key: readonly (string | number)[];
  readonly value?: unknown;
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
  resultOf,
  put: (sequence, bytes = 1) => ({
    type: 'put',
    message: { sequence, stage: 'waiting', topic: 'a', payload: randomBytes(bytes), qos: 1, retain: false },
  }),
  makeDatabase: async (name, version) => (await openRaw(name, version)).close(),
  async keepSession(name) {
    const plain = { qos: 1, noLocal: false, retainAsPublished: false, retainHandling: 0 } as const;
    for (const client of ['lamp', 'other']) {
      const store = indexedDbStore(name);
      await store.open(client);
      const kept: readonly StoreChange[] = [
        page.put(1),
        { type: 'sent', sequence: 1, packetId: 9 },
        { type: 'received', packetId: 4 },
        { type: 'subscribe', subscription: { filter: 'a/#', ...plain } },
        { type: 'alive', expirySeconds: 60, aliveAt: 1_767_225_600_000 },
      ];
      await store.commit(client === 'lamp' ? [...kept, page.put(2)] : kept);
      await store.close();
    }
  },
  async rowsOf(name) {
    const database = await openRaw(name);
    const stores = [...database.objectStoreNames];
    const transaction = database.transaction(stores, 'readonly');
    const found = await Promise.all(
      stores.map(async (store) => {
        const keys = resultOf(transaction.objectStore(store).getAllKeys());
        const values = await resultOf(transaction.objectStore(store).getAll());
        return (await keys).map((key, index) => ({ store, key, value: values[index] as unknown }) as unknown as RawRow);
      }),
    );
    database.close();
    return found.flat();
  },
  async writeRow(name, { store, key, value }) {
    const database = await openRaw(name);
    const rows = database.transaction(store, 'readwrite').objectStore(store);
    await (value === undefined ? resultOf(rows.delete([...key])) : resultOf(rows.put(value, [...key])));
    database.close();
  },
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

function openRaw(name: string, version?: number): Promise<IDBDatabase> {
  return resultOf(version === undefined ? indexedDB.open(name) : indexedDB.open(name, version));
}

function resultOf<Result>(request: IDBRequest<Result>): Promise<Result> {
  return new Promise((resolve, reject) => {
    request.addEventListener('success', () => resolve(request.result));
    request.addEventListener('error', () => reject(new Error('the request failed', { cause: request.error })));
  });
}

/** Zeros would be compressed, and fill nothing. */
function randomBytes(length: number): Uint8Array {
  return crypto.getRandomValues(new Uint8Array(length));
}

async function deleted(name: string): Promise<void> {
  await resultOf(indexedDB.deleteDatabase(name));
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
