/** At most so many messages a second: a tenth of that at once, the others when they are due. */
export class Pace {
  readonly #intervalMs: number;
  readonly #toleranceMs: number;
  /** When everything that was let through would have been due. */
  #dueAt = 0;

  constructor(perSecond: number) {
    this.#intervalMs = 1000 / perSecond;
    this.#toleranceMs = Math.max(0, Math.ceil(perSecond / 10) - 1) * this.#intervalMs;
  }

  /** 0: it may go now, and was counted. */
  take(now: number = performance.now()): number {
    const waitMs = this.#dueAt - this.#toleranceMs - now;
    if (waitMs > 0) return waitMs;
    this.#dueAt = Math.max(this.#dueAt, now) + this.#intervalMs;
    return 0;
  }
}
