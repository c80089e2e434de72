import type { DialPhase } from '@omqtt/contracts';
import { aborted } from '../transport-error.ts';

/** One step of connecting that a signal can end. */
export interface Step<Result> {
  /** Asked when the signal comes. */
  phase(): DialPhase;
  begin(resolve: (result: Result) => void, reject: (error: Error) => void): void;
  /** Leaves nothing open. Also called after a failure. */
  undo(): void;
}

/** Settles with the step, or as soon as the signal is aborted; a step that did not succeed is undone. */
export async function abortable<Result>(signal: AbortSignal, step: Step<Result>): Promise<Result> {
  let onAbort: (() => void) | undefined;
  try {
    return await new Promise<Result>((resolve, reject) => {
      if (signal.aborted) throw aborted(signal, step.phase());
      onAbort = () => reject(aborted(signal, step.phase()));
      signal.addEventListener('abort', onAbort);
      step.begin(resolve, reject);
    });
  } catch (error) {
    step.undo();
    throw error;
  } finally {
    if (onAbort) signal.removeEventListener('abort', onAbort);
  }
}
