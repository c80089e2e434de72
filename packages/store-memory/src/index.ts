export { memoryStore } from './memory-store.ts';
export { MemoryStoreError } from './memory-store-error.ts';
