/** Those who wait until a slow subscriber has caught up, but not forever. */
import type { Engine } from './engine.ts';

export class Relief {
  readonly #engine: Engine;
  readonly #waiting: (() => void)[] = [];
  #cancel: (() => void) | undefined;
  #isGivenUp = false;

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  /** The subscriber was waited for in vain: until it has caught up, nobody waits for it again. */
  get isGivenUp(): boolean {
    return this.#isGivenUp;
  }

  get isAwaited(): boolean {
    return this.#waiting.length > 0;
  }

  wait(callback: () => void): void {
    const { clock, limits } = this.#engine;
    this.#waiting.push(callback);
    this.#cancel ??= clock.wakeAt(clock.now() + limits.publisherHoldMs, () => {
      this.#isGivenUp = true;
      this.#release();
    });
  }

  relieve(): void {
    this.#isGivenUp = false;
    if (this.#waiting.length > 0) this.#release();
  }

  #release(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    // Not within the call that brought relief: the next message may bring the next congestion.
    for (const callback of this.#waiting.splice(0)) queueMicrotask(callback);
  }
}
