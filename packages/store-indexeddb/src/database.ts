/** Opening the database, and hearing of its end when that is not this side's doing. */
import { IndexedDbStoreError, refusalFrom, storeErrorFrom } from './indexed-db-store-error.ts';
import { createStores, hasStores, SCHEMA_VERSION } from './schema.ts';

/** The platform's, when it has one. */
export function databaseFactory(): IDBFactory {
  const factory = (globalThis as { indexedDB?: IDBFactory | null }).indexedDB;
  if (factory !== undefined && factory !== null) return factory;
  throw new IndexedDbStoreError('store-failed', 'there is no IndexedDB here; use another store', { reason: 'missing' });
}

/** A database that another page of the site deletes or upgrades at this moment lets itself be waited for, without end. */
const OPEN_LIMIT_MS = 10_000;

/** `gone` is told when the database is taken away later; it is closed then. */
export async function openDatabase(
  factory: IDBFactory,
  name: string,
  gone: (error: IndexedDbStoreError) => void,
): Promise<IDBDatabase> {
  const database = await request(factory, name);
  if (!hasStores(database)) {
    database.close();
    throw new IndexedDbStoreError(
      'store-corrupt',
      `the database ${name} was made by another program, and is left as it is; choose another name`,
      { reason: 'foreign' },
    );
  }
  database.addEventListener('versionchange', ({ newVersion }) => {
    // Whoever deletes it means it, and would wait for this side. What runs is still finished.
    database.close();
    gone(newVersion === null ? lost('deleted', 'was deleted') : lost('replaced', 'was upgraded by a later version'));
  });
  database.addEventListener('close', () => {
    gone(lost('closed-by-browser', 'was closed by the browser, because site data was cleared or storage broke'));
  });
  return database;
}

function request(factory: IDBFactory, name: string): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const opening = begin(factory, name);
    let isLate = false;
    const timer = setTimeout(() => {
      isLate = true;
      const what = `the database ${name} did not open in ${OPEN_LIMIT_MS} ms; another page may be deleting it`;
      reject(new IndexedDbStoreError('store-failed', what, { reason: 'timeout' }));
    }, OPEN_LIMIT_MS);
    opening.addEventListener('upgradeneeded', () => createStores(opening.result));
    opening.addEventListener('success', () => {
      clearTimeout(timer);
      if (isLate) opening.result.close();
      else resolve(opening.result);
    });
    opening.addEventListener('error', () => {
      clearTimeout(timer);
      reject(refusalFrom(opening.error, 'when it opened the database'));
    });
  });
}

function begin(factory: IDBFactory, name: string): IDBOpenDBRequest {
  try {
    return factory.open(name, SCHEMA_VERSION);
  } catch (error) {
    throw refusalFrom(error, 'when it opened the database');
  }
}

function lost(reason: 'deleted' | 'replaced' | 'closed-by-browser', what: string): IndexedDbStoreError {
  return new IndexedDbStoreError('store-failed', `the database ${what}; close the store and open it again`, { reason });
}

/** Resolves with what was asked for, whose type the caller knows from the schema. */
export function resultOf<Result>(asked: IDBRequest): Promise<Result> {
  return new Promise((resolve, reject) => {
    asked.addEventListener('success', () => resolve(asked.result as Result));
    asked.addEventListener('error', () => reject(storeErrorFrom(asked.error, 'when it read')));
  });
}
