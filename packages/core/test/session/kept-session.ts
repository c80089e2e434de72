/** The next process with the session, from what the one before has asked its store to keep. */
import type { StoreChange, StoredMessage, StoredSubscription } from '@omqtt/contracts/session-store';
import { type Dialogue, dialogue } from './dialogue.ts';

export interface KeptSession {
  readonly messages: readonly StoredMessage[];
  readonly inboundIds: readonly number[];
  readonly subscriptions: readonly StoredSubscription[];
  readonly nextSequence: number;
}

/** What a store would hold after the changes. */
export function keptOf(changes: readonly StoreChange[]): KeptSession {
  const messages = new Map<number, StoredMessage>();
  const inboundIds = new Set<number>();
  const subscriptions = new Map<string, StoredSubscription>();
  const update = (sequence: number, facts: object): void => {
    const kept = messages.get(sequence);
    if (kept !== undefined) messages.set(sequence, { ...kept, ...facts });
  };
  for (const change of changes) {
    if (change.type === 'put') messages.set(change.message.sequence, change.message);
    if (change.type === 'sent') update(change.sequence, { stage: 'sent', packetId: change.packetId });
    if (change.type === 'released') update(change.sequence, { stage: 'released' });
    if (change.type === 'remove') messages.delete(change.sequence);
    if (change.type === 'received') inboundIds.add(change.packetId);
    if (change.type === 'forget') inboundIds.delete(change.packetId);
    if (change.type === 'subscribe') subscriptions.set(change.subscription.filter, change.subscription);
    if (change.type === 'unsubscribe') subscriptions.delete(change.filter);
  }
  const nextSequence = Math.max(0, ...messages.keys()) + 1;
  return {
    messages: [...messages.values()],
    inboundIds: [...inboundIds],
    subscriptions: [...subscriptions.values()],
    nextSequence,
  };
}

export function restarted(given: Dialogue): Dialogue {
  return dialogue({ restored: keptOf(given.persisted()) });
}
