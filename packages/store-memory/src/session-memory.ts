/** What is kept for one client id. */
import type { StoreChange, StoredMessage, StoredSession, StoredSubscription } from '@omqtt/contracts';
import { MessageLog } from './message-log.ts';

export class SessionMemory {
  readonly #outbound = new MessageLog();
  readonly #inboundIds = new Set<number>();
  readonly #subscriptions = new Map<string, StoredSubscription>();
  #assignedClientId: string | undefined;
  #expirySeconds: number | undefined;
  #aliveAt: number | undefined;

  /** What is kept at this moment; `read` goes on to see the messages of its time. */
  describe(read: StoredSession['read']): StoredSession {
    return {
      ...(this.#assignedClientId === undefined ? {} : { assignedClientId: this.#assignedClientId }),
      ...(this.#expirySeconds === undefined ? {} : { expirySeconds: this.#expirySeconds }),
      ...(this.#aliveAt === undefined ? {} : { aliveAt: this.#aliveAt }),
      inboundIds: [...this.#inboundIds],
      subscriptions: [...this.#subscriptions.values()],
      outbound: { messages: this.#outbound.size, bytes: this.#outbound.bytes },
      nextSequence: this.#outbound.highest + 1,
      read,
    };
  }

  read(after: number, limit: number): StoredMessage[] {
    return this.#outbound.read(after, limit);
  }

  /** Cannot fail: a commit that has begun is carried out whole. */
  apply(change: StoreChange): void {
    switch (change.type) {
      case 'put':
        return this.#outbound.put(change.message);
      case 'sent':
      case 'released':
      case 'unsent':
        return this.#outbound.update(change.sequence, (message) => moved(message, change));
      case 'remove':
        return this.#outbound.remove(change.sequence);
      default:
        return this.#applyRarer(change);
    }
  }

  #applyRarer(change: Exclude<StoreChange, OutboundChange>): void {
    switch (change.type) {
      case 'received':
        this.#inboundIds.add(change.packetId);
        return;
      case 'forget':
        this.#inboundIds.delete(change.packetId);
        return;
      case 'forget-all':
        this.#inboundIds.clear();
        return;
      case 'subscribe':
        this.#subscriptions.set(change.subscription.filter, change.subscription);
        return;
      case 'unsubscribe':
        this.#subscriptions.delete(change.filter);
        return;
      case 'client-id':
        this.#assignedClientId = change.clientId;
        return;
      case 'alive':
        this.#expirySeconds = change.expirySeconds;
        this.#aliveAt = change.aliveAt;
    }
  }
}

type Moved = Extract<StoreChange, { readonly type: 'sent' | 'released' | 'unsent' }>;
type OutboundChange = Moved | Extract<StoreChange, { readonly type: 'put' | 'remove' }>;

function moved(message: StoredMessage, change: Moved): StoredMessage {
  if (change.type === 'sent') return { ...message, stage: 'sent', packetId: change.packetId };
  if (change.type === 'released') return { ...message, stage: 'released' };
  const { packetId, ...rest } = message;
  return { ...rest, stage: 'waiting' };
}

/**
 * By name, so that a new kind of change is missed here by the compiler. Every store has a table of its own: a shared one
 * could be newer than the store, and would let pass what it cannot keep.
 */
const known: Readonly<Record<StoreChange['type'], true>> = {
  put: true,
  sent: true,
  released: true,
  unsent: true,
  remove: true,
  received: true,
  forget: true,
  'forget-all': true,
  subscribe: true,
  unsubscribe: true,
  'client-id': true,
  alive: true,
};

/** The first change that a later version may know, and this one does not. */
export function firstUnknown(changes: readonly StoreChange[]): StoreChange | undefined {
  return changes.find(({ type }) => !Object.hasOwn(known, type));
}
