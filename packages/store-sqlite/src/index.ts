export { sqliteStore } from './sqlite-store.ts';
export type { Durability, SqliteStoreOptions } from './store-options.ts';
export { SqliteStoreError, type StoreHolder } from './sqlite-store-error.ts';
