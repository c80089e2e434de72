/** How much all publishers of a process have sent while the event loop waits for them. */

/**
 * Sends so many before anything else of the process is heard, and before they are written: the usual window, so that a
 * publisher that has it for itself never stops halfway, while thousands of publishers do.
 */
const MOST_MESSAGES = 1024;
/** At full speed the clock costs a tenth of a message. So many take twenty microseconds: that is what a time may be wrong by. */
const MOST_TOGETHER = 64;

export class Burst {
  readonly #mostTogether: number;
  #messages = 0;

  /** With a pace there is time to look each time, and what is sent now and then takes longer than one after the other. */
  constructor({ isPaced }: { readonly isPaced: boolean }) {
    this.#mostTogether = isPaced ? 1 : MOST_TOGETHER;
  }

  /** How many of the wanted may leave now, at the same time: 0 when others have to be heard first. */
  take(wanted: number): number {
    // Comes when all answers that were there have been worked on, before the event loop looks for others.
    if (this.#messages === 0) process.nextTick(this.#end);
    const count = Math.min(wanted, this.#mostTogether, MOST_MESSAGES - this.#messages);
    this.#messages += count;
    return count;
  }

  readonly #end = (): void => {
    this.#messages = 0;
  };
}
