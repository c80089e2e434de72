/** The exam that every transport has to pass. */
import type { ExamCase } from './exam-case.ts';
import type { TransportSetup } from './exam-peer.ts';
import { examCase } from './transport-arena.ts';
import { byteCases } from './transport-exam-bytes.ts';
import { dialCases } from './transport-exam-dial.ts';
import { endCases } from './transport-exam-end.ts';
import { flowCases } from './transport-exam-flow.ts';

/**
 * Cases that show whether a dial keeps the contract. Each makes its own listener, and they may run in any order. What
 * the capabilities exclude is left out.
 */
export function transportExam(setup: TransportSetup): readonly ExamCase[] {
  return [...byteCases, ...flowCases, ...endCases, ...dialCases]
    .filter(({ needs }) => needs === undefined || setup.capabilities?.[needs] !== false)
    .map((each) => examCase(setup, each));
}
