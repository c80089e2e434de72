/** One commit to the store, which has it at once or in a later turn. */
import type { SessionStore } from '@omqtt/contracts';
import type { StoreChange } from '@omqtt/contracts/session-store';

export interface CommitOutcome {
  succeed(): void;
  fail(error: unknown): void;
  /** It takes a while. */
  hold(): void;
  /** After that: how it went. */
  resume(next: () => void): void;
}

export function commit(store: SessionStore, changes: readonly StoreChange[], outcome: CommitOutcome): void {
  let committed: Promise<void> | void;
  try {
    committed = store.commit(changes);
  } catch (error) {
    outcome.fail(error);
    return;
  }
  if (committed === undefined) {
    outcome.succeed();
    return;
  }
  outcome.hold();
  void committed.then(
    () => outcome.resume(() => outcome.succeed()),
    (error: unknown) => outcome.resume(() => outcome.fail(error)),
  );
}
