/** How fast messages leave: `--every` and `--rate`. Late ones are not made up for in a burst. */
import { setTimeout as sleep } from 'node:timers/promises';
import { UsageError } from '../cli-error.ts';
import { every, rate } from '../options/message-options.ts';
import type { Settings } from '../options/settings.ts';

export class Pace {
  readonly #intervalMs: number;
  readonly #stop: AbortSignal;
  #next: number | undefined;

  constructor(settings: Settings, stop: AbortSignal) {
    const perSecond = settings.get(rate);
    const interval = settings.get(every);
    if (perSecond !== undefined && interval !== undefined) {
      throw new UsageError('--every and --rate say the same: use one');
    }
    this.#intervalMs = interval ?? (perSecond === undefined ? 0 : 1000 / perSecond);
    this.#stop = stop;
  }

  get isSlow(): boolean {
    return this.#intervalMs > 0;
  }

  /** Resolves when the next message may leave: the first at once. */
  async turn(): Promise<void> {
    if (this.#intervalMs === 0) return;
    const now = performance.now();
    const due = this.#next ?? now;
    // A timer counts whole milliseconds, so fast paces run a few messages between two waits.
    if (due - now >= 1) await sleep(due - now, undefined, { signal: this.#stop });
    this.#next = Math.max(due, now - MOST_LATE_MS) + this.#intervalMs;
  }
}

const MOST_LATE_MS = 100;
