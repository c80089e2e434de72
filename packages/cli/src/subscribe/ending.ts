/** When a subscription has shown enough: a number of messages, a time, silence. */
import type { Settings } from '../options/settings.ts';
import * as option from '../options/subscribe-options.ts';

export type EndReason = 'count' | 'time' | 'idle' | 'match' | 'no more retained' | 'confirmed';

export class Ending {
  /** Resolves once. */
  readonly reached: Promise<EndReason>;
  readonly #most: number | undefined;
  readonly #idleMs: number | undefined;
  #finish: (reason: EndReason) => void = () => undefined;
  readonly #timer: NodeJS.Timeout | undefined;
  readonly #idleTimer: NodeJS.Timeout | undefined;
  #seen = 0;
  #isReached = false;

  constructor(settings: Settings) {
    this.#most = settings.get(option.messageCount);
    this.#idleMs = settings.get(option.idle);
    this.reached = new Promise((resolve) => {
      this.#finish = resolve;
    });
    const waitMs = settings.get(option.wait);
    if (waitMs !== undefined) this.#timer = setTimeout(() => this.end('time'), waitMs);
    if (this.#idleMs !== undefined) this.#idleTimer = setTimeout(() => this.end('idle'), this.#idleMs);
  }

  get seen(): number {
    return this.#seen;
  }

  get isReached(): boolean {
    return this.#isReached;
  }

  /** A message was shown. */
  message(): void {
    this.#seen += 1;
    this.#idleTimer?.refresh();
    if (this.#seen === this.#most) this.end('count');
  }

  end(reason: EndReason): void {
    this.#isReached = true;
    clearTimeout(this.#timer);
    clearTimeout(this.#idleTimer);
    this.#finish(reason);
  }
}
