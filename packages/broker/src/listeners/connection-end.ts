/** How a connection ends, whatever it is made of: once, in order or at once, and everybody hears of it who waits. */
import type { ConnectionSink } from '@omqtt/contracts';
import { END_TIMEOUT_MS } from './listening.ts';

export class ConnectionEnd {
  readonly #force: () => void;
  readonly #waiting: (() => void)[] = [];
  #isBegun = false;
  #isReached = false;

  /** `force` ends the network connection without a word. */
  constructor(force: () => void) {
    this.#force = force;
  }

  /** Nothing is written and nothing is heard any more. */
  get isBegun(): boolean {
    return this.#isBegun;
  }

  /** The network connection is gone. */
  get isReached(): boolean {
    return this.#isReached;
  }

  /** In order: `goodbye` starts it, and a client that does not answer is not waited for. */
  begin(goodbye: () => void): void {
    if (this.#isBegun) return;
    this.#isBegun = true;
    goodbye();
    setTimeout(this.#force, END_TIMEOUT_MS).unref();
  }

  atOnce(): void {
    this.#isBegun = true;
    this.#force();
  }

  wait(): Promise<void> {
    if (this.#isReached) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  reached(sink: ConnectionSink | undefined): void {
    if (this.#isReached) return;
    this.#isReached = true;
    this.#isBegun = true;
    sink?.closed();
    for (const resolve of this.#waiting.splice(0)) resolve();
  }
}
