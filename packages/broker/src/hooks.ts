/** Asking the program that runs the broker; what it throws is a refusal, and never an accident. */
import type { Verdict } from './broker-options.ts';
import type { Engine } from './engine.ts';
import type { Refused } from './refusal.ts';

/** `undefined`: yes. `unspecific` is the reason code of a mere `false`. */
export function verdictOf(verdict: Verdict, unspecific: number): Refused | undefined {
  if (verdict === true) return undefined;
  return verdict === false ? { reasonCode: unspecific } : verdict;
}

export function askHook<Answer>(
  engine: Engine,
  ask: () => Answer | Promise<Answer>,
  otherwise: Answer,
): Answer | Promise<Answer> {
  const failed = (error: unknown): Answer => {
    engine.options.onError(error);
    return otherwise;
  };
  try {
    const answer = ask();
    return answer instanceof Promise ? answer.catch(failed) : answer;
  } catch (error) {
    return failed(error);
  }
}

/** Goes on at once where nobody has to wait: most brokers have no hook that is slow. */
export function whenKnown<Value>(value: Value | Promise<Value>, goOn: (value: Value) => void): void | Promise<void> {
  return value instanceof Promise ? value.then((known) => goOn(known)) : goOn(value);
}
