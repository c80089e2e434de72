/** The exam that every session store has to pass. */
import type { SessionStore } from '@omqtt/contracts';
import type { ExamCase } from './exam-case.ts';
import { examineStore } from './store-arena.ts';
import { commitCases } from './store-exam-commits.ts';
import { messageCases } from './store-exam-messages.ts';
import { ownerCases } from './store-exam-owners.ts';
import { sessionCases } from './store-exam-session.ts';

export interface StoreUnderExam {
  readonly store: SessionStore;
  /**
   * One more store over the same data: after the first is closed, and also while it is open, to see that it is refused.
   * A store that is not durable gives itself.
   */
  readonly reopen: () => Promise<SessionStore>;
  /** Called last, when all stores are closed; deletes the data. */
  readonly dispose: () => Promise<void>;
  /** Makes the next commit fail after part of its work: for stores with `canFail`. */
  readonly failNextCommit?: () => void;
}

export interface StoreCapabilities {
  /** Must be what the store says of itself; then `reopen` must not give the same object again. */
  readonly isDurable: boolean;
  /** The commits can be made to fail, with `failNextCommit`. Default: false. */
  readonly canFail?: boolean;
  /** How long a step of a case may take before the case fails. Default: 10000. */
  readonly limitMs?: number;
}

/** Cases that show whether a store keeps the contract. Each makes its own store, and they may run in any order. */
export function storeExam(
  makeStore: () => Promise<StoreUnderExam>,
  capabilities: StoreCapabilities,
): readonly ExamCase[] {
  return [...sessionCases, ...messageCases, ...commitCases, ...ownerCases]
    .filter(({ needsFailure = false }) => capabilities.canFail === true || !needsFailure)
    .map((each) => examineStore(makeStore, capabilities, each));
}
