/** The exam that every session store has to pass. */
import type { SessionStore } from '@omqtt/contracts';
import type { ExamCase } from './exam-case.ts';

export interface StoreUnderExam {
  readonly store: SessionStore;
  /** One more store over the same data, also while the first is open. The same object, if that is how it is kept. */
  reopen(): Promise<SessionStore>;
  /** Called last; deletes the data. */
  dispose(): Promise<void>;
  /** Makes the next commit fail after part of its work, where the store has a way to do that. */
  failNextCommit?(): void;
}

export interface StoreCapabilities {
  readonly isDurable: boolean;
  /** How long a step of a case may take before the case fails. Default: 10000. */
  readonly limitMs?: number;
}

/** Cases that show whether a store keeps the contract. Each makes its own store, and they may run in any order. */
export function storeExam(
  _makeStore: () => Promise<StoreUnderExam>,
  _capabilities: StoreCapabilities,
): readonly ExamCase[] {
  return [];
}
