import type { StoreError } from '@omqtt/contracts';

/**
 * What lies behind a `store-failed` or a lost database.
 * - `missing`: the runtime has no IndexedDB, or no Web Locks; `refused`: it does not let this page have them
 * - `timeout`: the database did not open in time; `deleted`, `replaced`, `taken`: it went away, or was taken away
 * - `closed-by-browser`: the site data was cleared, or the storage broke
 * - `damaged`: a row is not what a store writes; `foreign`: another program made the database
 * - `invalid-option`, `unknown-change`: a mistake of the caller
 */
export type StoreFailureReason =
  | 'missing'
  | 'refused'
  | 'timeout'
  | 'deleted'
  | 'replaced'
  | 'taken'
  | 'closed-by-browser'
  | 'damaged'
  | 'foreign'
  | 'invalid-option'
  | 'unknown-change';

export interface StoreFailureFacts {
  readonly reason?: StoreFailureReason;
  /** Who has the database, as far as it says so. */
  readonly holder?: string | undefined;
  readonly cause?: unknown;
}

/** What the IndexedDB store fails with. Recognise it by `code` and `reason`; the message is for people. */
export class IndexedDbStoreError extends Error implements StoreError {
  override readonly name = 'IndexedDbStoreError';
  readonly code: StoreError['code'];
  readonly retryable: boolean;
  readonly reason: StoreFailureReason | undefined;
  readonly holder: string | undefined;

  constructor(code: StoreError['code'], what: string, { reason, holder, cause }: StoreFailureFacts = {}) {
    super(`The IndexedDB store cannot do this: ${what}`, cause === undefined ? undefined : { cause });
    this.code = code;
    this.reason = reason;
    this.holder = holder;
    this.retryable = code === 'store-locked' || code === 'store-full' || reason === 'timeout';
  }
}

/** The error for what the browser said when it was asked for a lock or the database. */
export function refusalFrom(cause: unknown, doing: string): IndexedDbStoreError {
  switch (nameOf(cause)) {
    case 'VersionError':
      return new IndexedDbStoreError('store-too-new', 'a later version wrote the database; load that version', {
        cause,
      });
    // The names for private modes, blocked site data and sandboxed frames, over the browsers and their versions.
    case 'SecurityError':
    case 'InvalidStateError':
      return new IndexedDbStoreError(
        'store-failed',
        `${doing}, the browser refused: site data is blocked, the mode is private, or the frame is sandboxed`,
        { reason: 'refused', cause },
      );
    default:
      return storeErrorFrom(cause, doing);
  }
}

/** The error for what IndexedDB said later. */
export function storeErrorFrom(cause: unknown, doing: string): IndexedDbStoreError {
  if (cause instanceof IndexedDbStoreError) return cause;
  switch (nameOf(cause)) {
    case 'QuotaExceededError':
      return new IndexedDbStoreError('store-full', `${doing}, the room for this site was used up; free some`, {
        cause,
      });
    // A row whose bytes cannot be read any more.
    case 'NotReadableError':
    case 'DataError':
      return new IndexedDbStoreError('store-corrupt', `${doing}, kept data could not be read`, { cause });
    default:
      return new IndexedDbStoreError('store-failed', `${doing}, IndexedDB failed with ${describe(cause)}`, { cause });
  }
}

function nameOf(cause: unknown): string | undefined {
  return cause instanceof Error ? cause.name : undefined;
}

function describe(cause: unknown): string {
  return cause instanceof Error ? `${cause.name} ${cause.message}`.trim() : 'no reason';
}
