/** Changes of commits that failed, though what they say has happened: they go with the next commit. */
import type { Packet } from '@omqtt/codec';
import type { StoreChange, StoreError } from '@omqtt/contracts';
import type { EffectBatch } from '../session/index.ts';

export class UnsavedChanges {
  #changes: readonly StoreChange[] = [];

  /** These, and those that are still owed. */
  with(changes: readonly StoreChange[]): readonly StoreChange[] {
    return this.#changes.length === 0 ? changes : [...this.#changes, ...changes];
  }

  /** The commit failed. New messages are given up with it, so nothing about them is owed; returns their sequences. */
  add(changes: readonly StoreChange[]): ReadonlySet<number> {
    const given = new Set(changes.flatMap((change) => (change.type === 'put' ? [change.message.sequence] : [])));
    const owed = changes.filter(
      (change) => change.type !== 'put' && !('sequence' in change && given.has(change.sequence)),
    );
    this.#changes = [...this.#changes, ...owed];
    return given;
  }
}

/** What is left of a batch whose new messages were refused: they are not sent, and all other changes are owed. */
export function withoutMessages(batch: EffectBatch, refused: ReadonlySet<number>): EffectBatch {
  const ids = new Set<number | undefined>();
  for (const change of batch.persist) {
    if (change.type === 'sent' && refused.has(change.sequence)) ids.add(change.packetId);
  }
  const isLeft = (packet: Packet): boolean =>
    packet.type !== 'publish' || packet.qos === 0 || !ids.has(packet.packetId);
  return { ...batch, persist: [], send: batch.send.filter(isLeft) };
}

/** What of a batch is true although nothing of it could be kept. */
export function whatHasHappened(batch: EffectBatch): EffectBatch {
  const happened = new Set(['message', 'subscription-lost', 'message-lost']);
  return { ...batch, send: [], deliver: batch.deliver.filter(({ type }) => happened.has(type)), close: undefined };
}

/** The store has no room for new messages, and may have it for all else. */
export function isFull(cause: unknown): boolean {
  return (cause as Partial<StoreError> | undefined)?.code === 'store-full';
}
