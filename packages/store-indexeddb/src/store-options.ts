import { IndexedDbStoreError } from './indexed-db-store-error.ts';

export interface IndexedDbStoreOptions {
  /**
   * When a commit is done. `strict`: when the browser has flushed it to the disk; `relaxed`: when the operating system
   * has it, which a power loss may take back. Browsers without the difference do the first or the second. Default: strict.
   */
  readonly durability?: 'strict' | 'relaxed';
  /** Outbound messages of a session; a commit that would exceed it is refused with `store-full`. Default: no limit. */
  readonly maxMessages?: number;
  /** Bytes of their payloads. Default: no limit but the quota of the browser. */
  readonly maxBytes?: number;
  /**
   * How long `open` waits for another tab to let the database go. The default is for a page that is being reloaded;
   * Infinity makes this tab the one that takes over. Default: 1000.
   */
  readonly lockWaitMs?: number;
}

const defaults: Required<IndexedDbStoreOptions> = {
  durability: 'strict',
  maxMessages: Infinity,
  maxBytes: Infinity,
  lockWaitMs: 1000,
};

/** Fills in what is missing, and refuses what is unknown or cannot be. */
export function resolveOptions(options: IndexedDbStoreOptions): Required<IndexedDbStoreOptions> {
  const names = Object.keys(defaults);
  for (const name of Object.keys(options)) {
    if (!names.includes(name)) throw invalid(`there is no option ${name}; there are ${names.join(', ')}`);
  }
  const resolved = {
    durability: options.durability ?? defaults.durability,
    maxMessages: options.maxMessages ?? defaults.maxMessages,
    maxBytes: options.maxBytes ?? defaults.maxBytes,
    lockWaitMs: options.lockWaitMs ?? defaults.lockWaitMs,
  };
  if (!['strict', 'relaxed'].includes(resolved.durability)) throw invalid('durability is "strict" or "relaxed"');
  for (const name of ['maxMessages', 'maxBytes', 'lockWaitMs'] as const) {
    const value: unknown = resolved[name];
    if (typeof value !== 'number' || !(value >= 0)) throw invalid(`${name} is a number from 0 on, or Infinity`);
  }
  return resolved;
}

export function checkName(name: unknown): void {
  if (typeof name !== 'string' || name === '') throw invalid('the name of the database is a text that is not empty');
}

function invalid(what: string): IndexedDbStoreError {
  return new IndexedDbStoreError('store-failed', what, { reason: 'invalid-option' });
}
