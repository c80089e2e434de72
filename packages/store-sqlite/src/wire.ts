/** What goes between the thread of the program and that of the disk. One request at a time, and one reply to each. */
import type { StoredSession, StoreChange } from '@omqtt/contracts';
import type { StoreFault } from './sqlite-store-error.ts';
import type { ResolvedOptions } from './store-options.ts';

export type Request =
  | { readonly type: 'open'; readonly path: string; readonly clientId: string; readonly options: ResolvedOptions }
  | CommitRequest
  | { readonly type: 'read'; readonly after: number; readonly limit: number }
  | { readonly type: 'close' };

/** Commits that are carried out in one transaction if they can, each whole or not at all. */
export interface CommitRequest {
  readonly type: 'commit';
  /** Transferred, not copied. */
  readonly batch: Uint8Array<ArrayBuffer>;
  /** Where in the batch each commit ends. */
  readonly ends: readonly number[];
  /** Which of them bring new messages. */
  readonly puts: readonly boolean[];
}

export interface Replies {
  readonly open: SessionFacts;
  readonly commit: CommitReply;
  /** Messages, each behind its state and the length of its record. */
  readonly read: { readonly window: Uint8Array<ArrayBuffer> };
  readonly close: null;
}

export interface CommitReply {
  /** To be written to again. */
  readonly batch: Uint8Array<ArrayBuffer>;
  /** By the number of the commit; `undefined` when all succeeded. */
  readonly faults: readonly (StoreFault | undefined)[] | undefined;
}

export type SessionFacts = Omit<StoredSession, 'read'>;

/** The first byte of each change in a batch. */
export const Op = {
  /** A message that came and went within a commit; only its sequence remains. */
  given: 0,
  /** Sequence, state, bytes of the payload, length of the record, record. */
  put: 1,
  /** Sequence, packet id. */
  sent: 2,
  released: 3,
  unsent: 4,
  /** First and last sequence. */
  remove: 5,
  /** Packet id. */
  received: 6,
  forget: 7,
  forgetAll: 8,
  /** As JSON behind its length: these are rare. */
  rare: 9,
} as const;

export type RareChange = Extract<StoreChange, { readonly type: 'subscribe' | 'unsubscribe' | 'client-id' | 'alive' }>;
