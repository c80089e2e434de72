/**
 * Refuses new work while the event loop is late: whoever is being served would wait even longer, and whoever is refused at
 * once can go to another replica. What is open stays open.
 */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { BridgeProblem } from '../problems/problem.ts';

export interface ShedderParts {
  readonly maximumDelayMs: number;
  /** The 99th percentile since it was last asked for. Default: measured. */
  readonly readDelayMs?: () => number;
}

const RESOLUTION_MS = 10;
const WINDOW_MS = 250;
/** One long pause, such as a collection of garbage, is over before anyone could be told of it. */
const LATE_WINDOWS = 2;

export class Shedder {
  readonly #maximumDelayMs: number;
  readonly #readDelayMs: () => number;
  readonly #close: () => void;
  #lateWindows = 0;

  constructor({ maximumDelayMs, readDelayMs }: ShedderParts) {
    this.#maximumDelayMs = maximumDelayMs;
    const histogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
    this.#readDelayMs =
      readDelayMs ??
      (() => {
        const delayMs = histogram.percentile(99) / 1e6;
        histogram.reset();
        return delayMs;
      });
    if (readDelayMs === undefined) histogram.enable();
    const timer = setInterval(() => this.look(), WINDOW_MS);
    timer.unref();
    this.#close = () => {
      clearInterval(timer);
      histogram.disable();
    };
  }

  get isShedding(): boolean {
    return this.#lateWindows >= LATE_WINDOWS;
  }

  /** At the end of each window. */
  look(): void {
    this.#lateWindows = this.#readDelayMs() > this.#maximumDelayMs ? this.#lateWindows + 1 : 0;
  }

  /** Throws while there is enough to do. */
  check(): void {
    if (!this.isShedding) return;
    const detail = 'the bridge is late with what it has begun';
    throw new BridgeProblem('overloaded', { detail, retryAfterMs: 1000, extra: { cause: 'event-loop' } });
  }

  close(): void {
    this.#close();
  }
}
