/** The exam that every transport has to pass. */
import type { ExamCase } from './exam-case.ts';
import type { TransportSetup } from './exam-peer.ts';

/** Cases that show whether a dial keeps the contract. Each makes its own listener, and they may run in any order. */
export function transportExam(_setup: TransportSetup): readonly ExamCase[] {
  return [];
}
