/** One titled case of an exam; any test framework can run it: `test(title, run)`. */
export interface ExamCase {
  readonly title: string;
  /** Rejects with an `ExamFailure` that says what was expected and what came. */
  run(): Promise<void>;
}

/** What was examined does not do what the contract asks for. */
export class ExamFailure extends Error {
  override readonly name = 'ExamFailure';
  readonly code = 'exam-failed';
}
