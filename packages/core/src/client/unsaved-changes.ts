/** Changes of commits that failed, though what they say has happened: they go with the next commit. */
import type { StoreChange } from '@omqtt/contracts';

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
