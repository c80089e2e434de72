import type { StoreError } from '@omqtt/contracts';

/** Who has the file open. */
export interface StoreHolder {
  readonly pid: number;
  readonly host: string;
  /** ISO 8601. */
  readonly since: string;
}

/** What went wrong, as it travels between the threads. */
export interface StoreFault {
  readonly code: StoreError['code'];
  /** A clause that says what happened and what to do. */
  readonly fact: string;
  readonly holder?: StoreHolder | undefined;
}

/** What the SQLite store fails with. Recognise it by `code`; the message is for people. */
export class SqliteStoreError extends Error implements StoreError {
  override readonly name = 'SqliteStoreError';
  readonly code: StoreError['code'];
  /** The same may succeed later, without a change: another process has closed the file, or there is room again. */
  readonly retryable: boolean;
  readonly path: string;
  /** With `store-locked`, as far as it is known. */
  readonly holder: StoreHolder | undefined;

  constructor({ code, fact, holder }: StoreFault, path: string) {
    super(`The session store ${JSON.stringify(path)} cannot do this: ${fact}`);
    this.code = code;
    this.retryable = code === 'store-locked' || code === 'store-full';
    this.path = path;
    this.holder = holder;
  }
}
