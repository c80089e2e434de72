/** One timer for all deadlines of the session. */
import type { Clock } from '@omqtt/contracts';

export class DeadlineTimer {
  readonly #clock: Clock;
  readonly #onTime: () => void;
  #at = Infinity;
  #cancel: (() => void) | undefined;
  #isStopped = false;

  constructor(clock: Clock, onTime: () => void) {
    this.#clock = clock;
    this.#onTime = onTime;
  }

  /** The next deadline is then. One that moved away is found out when the timer fires, which is cheaper. */
  arm(at: number): void {
    if (at === Infinity) {
      // As after a goodbye: the timer would only keep the process from ending.
      this.#clear();
      return;
    }
    if (at >= this.#at || this.#isStopped) return;
    this.#clear();
    this.#at = at;
    this.#cancel = this.#clock.wakeAt(at, () => {
      this.#clear();
      this.#onTime();
    });
  }

  /** It never fires any more. */
  stop(): void {
    this.#isStopped = true;
    this.#clear();
  }

  #clear(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    this.#at = Infinity;
  }
}
