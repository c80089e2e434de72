/**
 * The object stores, and what is in them. Keys begin with the client id, so that a range is one session.
 *
 *     messages       [client, sequence, payload bytes] → StoredMessage as it was put
 *     stages         [client, sequence]                → what has become of it since
 *     inbound        [client, packet id]               → true
 *     subscriptions  [client, filter]                  → StoredSubscription
 *     sessions       [client]                          → SessionRecord
 *
 * A payload is written once: an acknowledgement writes a row of `stages`, or deletes. The size in the key lets a session
 * be counted by its keys, without reading payloads, and without a counter that removing would have to write: when the
 * quota is used up, nothing can be written any more, but removing must go on.
 */
import type { OutboundStage } from '@omqtt/contracts';

export const SCHEMA_VERSION = 1;

export const storeNames = ['messages', 'stages', 'inbound', 'subscriptions', 'sessions'] as const;

export type StoreName = (typeof storeNames)[number];

export type MessageKey = readonly [client: string, sequence: number, bytes: number];

export interface StageRow {
  readonly sequence: number;
  readonly stage: OutboundStage;
  /** Absent: the one that was put with the message, unless it waits again. */
  readonly packetId?: number;
}

export interface SessionRecord {
  /** Of all sequences that ever were in the store. */
  readonly highest: number;
  readonly assignedClientId?: string;
  readonly expirySeconds?: number;
  readonly aliveAt?: number;
}

/** Everything of one client id, with sequences, ids or filters from `first` on. */
export function keysOf(client: string, first?: number): IDBKeyRange {
  // Lists sort behind numbers and texts, so the second bound is behind every key of the client.
  return IDBKeyRange.bound(first === undefined ? [client] : [client, first], [client, []]);
}

export function createStores(database: IDBDatabase): void {
  for (const name of storeNames) database.createObjectStore(name);
}

export function hasStores({ objectStoreNames }: IDBDatabase): boolean {
  return storeNames.every((name) => objectStoreNames.contains(name));
}
