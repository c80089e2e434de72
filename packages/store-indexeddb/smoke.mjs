// Runs in an empty project that installed the package, in every runtime: where there is no IndexedDB it has to say so.
import { IndexedDbStoreError, indexedDbStore } from '@omqtt/store-indexeddb';

const store = indexedDbStore('smoke');
const failure = await store.open('smoke').catch((/** @type {unknown} */ error) => error);
if (!(failure instanceof IndexedDbStoreError) || failure.code !== 'store-failed' || failure.reason !== 'missing') {
  throw new Error('opening without IndexedDB did not fail as it should', { cause: failure });
}
await store.close();
