export { indexedDbStore } from './indexed-db-store.ts';
export { IndexedDbStoreError, type StoreFailureReason } from './indexed-db-store-error.ts';
export type { IndexedDbStoreOptions } from './store-options.ts';
