/** One titled case of an exam; any test framework can run it: `test(title, run)`. */
import { differences } from './differences.ts';
import { readable } from './readable.ts';

export interface ExamCase {
  readonly title: string;
  /** Rejects with an `ExamFailure` that says what was expected and what came. */
  readonly run: () => Promise<void>;
}

/** What was examined does not do what the contract or the test asks for. */
export class ExamFailure extends Error {
  override readonly name = 'ExamFailure';
  readonly code = 'exam-failed';
}

export function expectTrue(condition: boolean, what: string): void {
  if (!condition) throw new ExamFailure(what);
}

/** Every member counts; an absent one equals one that is `undefined`. */
export function expectSame(actual: unknown, expected: unknown, what: string): void {
  const found = differences(actual, expected, 'all');
  if (found.length > 0) throw new ExamFailure(`${what}:\n  ${found.slice(0, 20).join('\n  ')}`);
}

/** Rejections and errors that are thrown at once are the same here. */
export async function expectFailure(action: () => unknown, codes: readonly string[], what: string): Promise<void> {
  const wanted = codes.join(' or ');
  let result: unknown;
  try {
    result = await action();
  } catch (error) {
    if (!(error instanceof Error)) throw new ExamFailure(`${what}: expected an Error, but it was ${readable(error)}`);
    const { code, retryable } = error as { readonly code?: unknown; readonly retryable?: unknown };
    if (error instanceof ExamFailure) throw error;
    expectTrue(typeof code === 'string' && codes.includes(code), `${what}: expected ${wanted}, but ${readable(error)}`);
    expectTrue(typeof retryable === 'boolean', `${what}: the error does not say whether it is retryable`);
    return;
  }
  throw new ExamFailure(`${what}: expected ${wanted}, but it succeeded with ${readable(result)}`);
}

/** Cleans up in any case; what went wrong in the case is told rather than what then goes wrong in cleaning up. */
export async function runAndDispose(run: () => Promise<void>, dispose: () => Promise<void>): Promise<void> {
  try {
    await run();
  } catch (error) {
    await dispose().catch(() => undefined);
    throw error;
  }
  await dispose();
}

/** Fails with `what` when the promise has not settled in time: in real time, since the other side may be real. */
export async function within<Value>(
  promise: PromiseLike<Value> | Value,
  limitMs: number,
  what: () => string,
): Promise<Value> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new ExamFailure(`Waited ${limitMs} ms for ${what()}`)), limitMs);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
