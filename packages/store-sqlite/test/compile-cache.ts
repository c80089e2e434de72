import { join } from 'node:path';

/**
 * Every store starts a thread, and some tests start processes: each would strip the types of the same sources again,
 * which is half of the time of opening a store.
 */
export function cacheCompiledSources(): void {
  process.env['NODE_COMPILE_CACHE'] ??= join(import.meta.dirname, '../.reports/compile-cache');
}
