/** A small store that passes the exam, with places where a fault can be put in. */
import type { SessionStore, StoreChange, StoredMessage, StoredSession, StoredSubscription } from '@omqtt/contracts';
import { storeError } from '../src/index.ts';

/** Every member is one thing that a store may do wrong. */
export interface StoreFaults {
  readonly apply?: (kept: Kept, change: StoreChange) => boolean;
  readonly describe?: (session: StoredSession) => Partial<StoredSession>;
  readonly read?: (messages: StoredMessage[], after: number, limit: number) => StoredMessage[];
  readonly commit?: (store: SessionStore, changes: readonly StoreChange[]) => Promise<void> | void;
  readonly isDurable?: boolean;
  readonly isNeverLocked?: boolean;
  readonly isNeverClosed?: boolean;
  readonly isPartial?: boolean;
  readonly skipsUnknown?: boolean;
  readonly keyOf?: (clientId: string) => string;
}

export interface Kept {
  readonly messages: Map<number, StoredMessage>;
  readonly inboundIds: Set<number>;
  readonly subscriptions: Map<string, StoredSubscription>;
  highest: number;
  clientId?: string;
  alive?: { readonly expirySeconds: number; readonly aliveAt: number };
}

export function modelStore(faults: StoreFaults = {}): SessionStore {
  const sessions = new Map<string, Kept>();
  let open: Kept | undefined;
  const commit = (changes: readonly StoreChange[]): void => {
    if (open === undefined && faults.isNeverClosed === true) return;
    if (open === undefined) throw storeError('store-closed');
    if (faults.isPartial !== true && changes.some(isUnknown)) throw storeError('store-failed');
    for (const change of changes) {
      if (isUnknown(change) && faults.skipsUnknown !== true) throw storeError('store-failed');
      if (faults.apply?.(open, change) !== true) apply(open, change);
    }
  };
  const store: SessionStore = {
    isDurable: faults.isDurable ?? false,
    open: async (clientId) => {
      if (open !== undefined && faults.isNeverLocked !== true) throw storeError('store-locked');
      const key = faults.keyOf?.(clientId) ?? clientId;
      const kept = sessions.get(key) ?? empty();
      sessions.set(key, kept);
      open = kept;
      const session = describe(kept, faults);
      return { ...session, ...faults.describe?.(session) };
    },
    commit,
    close: async () => void (open = undefined),
  };
  return faults.commit === undefined
    ? store
    : { ...store, commit: (changes) => faults.commit?.({ ...store, commit }, changes) };
}

function empty(): Kept {
  return { messages: new Map(), inboundIds: new Set(), subscriptions: new Map(), highest: 0 };
}

function isUnknown({ type }: StoreChange): boolean {
  return (type as string) === 'change-of-a-later-version';
}

function describe(kept: Kept, faults: StoreFaults): StoredSession {
  const window = faults.read ?? inOrder;
  return {
    ...kept.alive,
    ...(kept.clientId === undefined ? {} : { assignedClientId: kept.clientId }),
    inboundIds: [...kept.inboundIds],
    subscriptions: [...kept.subscriptions.values()],
    outbound: {
      messages: kept.messages.size,
      bytes: [...kept.messages.values()].reduce((sum, { payload }) => sum + payload.length, 0),
    },
    nextSequence: kept.highest + 1,
    read: (after, limit) => window([...kept.messages.values()], after, limit),
  };
}

export function inOrder(messages: StoredMessage[], after: number, limit: number): StoredMessage[] {
  return messages
    .toSorted((a, b) => a.sequence - b.sequence)
    .filter(({ sequence }) => sequence > after)
    .slice(0, limit);
}

function apply(kept: Kept, change: StoreChange): void {
  switch (change.type) {
    case 'put':
      kept.messages.set(change.message.sequence, change.message);
      kept.highest = Math.max(kept.highest, change.message.sequence);
      return;
    case 'sent':
      return replace(kept, change.sequence, (old) => ({ ...old, stage: 'sent', packetId: change.packetId }));
    case 'released':
      return replace(kept, change.sequence, (old) => ({ ...old, stage: 'released' }));
    case 'unsent':
      return replace(kept, change.sequence, ({ packetId, ...old }) => ({ ...old, stage: 'waiting' }));
    case 'remove':
      return void kept.messages.delete(change.sequence);
    default:
      return applyRarer(kept, change);
  }
}

function applyRarer(kept: Kept, change: StoreChange): void {
  if (change.type === 'received') kept.inboundIds.add(change.packetId);
  if (change.type === 'forget') kept.inboundIds.delete(change.packetId);
  if (change.type === 'forget-all') kept.inboundIds.clear();
  if (change.type === 'subscribe') kept.subscriptions.set(change.subscription.filter, change.subscription);
  if (change.type === 'unsubscribe') kept.subscriptions.delete(change.filter);
  if (change.type === 'client-id') kept.clientId = change.clientId;
  if (change.type === 'alive') kept.alive = { expirySeconds: change.expirySeconds, aliveAt: change.aliveAt };
}

export function replace(kept: Kept, sequence: number, change: (old: StoredMessage) => StoredMessage): void {
  const old = kept.messages.get(sequence);
  if (old !== undefined) kept.messages.set(sequence, change(old));
}
