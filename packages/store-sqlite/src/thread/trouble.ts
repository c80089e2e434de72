/** Faults that tests ask for, at any step of a commit; without them it does nothing. */
import type { StoreFault } from '../sqlite-store-error.ts';
import { FaultError } from './fault.ts';

/** What happens when the countdown is at zero. */
export const TroubleKind = { fail: 1, kill: 2 } as const;

export class Trouble {
  /** Steps to go, and what happens then. */
  readonly #plan: Int32Array | undefined;

  constructor(plan: Int32Array | undefined) {
    this.#plan = plan;
  }

  static from(workerData: unknown): Trouble {
    const { trouble } = (workerData ?? {}) as { readonly trouble?: SharedArrayBuffer };
    return new Trouble(trouble === undefined ? undefined : new Int32Array(trouble));
  }

  /** One step of a commit is about to be done. */
  step(): void {
    const plan = this.#plan;
    if (plan === undefined || Atomics.load(plan, 1) === 0) return;
    if (Atomics.sub(plan, 0, 1) > 0) return;
    const kind = Atomics.exchange(plan, 1, 0);
    if (kind === TroubleKind.kill) process.kill(process.pid, 'SIGKILL');
    else throw new FaultError(planned);
  }
}

const planned: StoreFault = { code: 'store-failed', fact: 'a test made it fail' };
