/** A clock that stands still until the test moves it. */
import type { Clock } from '@omqtt/contracts';
import { afterPendingPromises } from './pending-promises.ts';

export interface FakeClock extends Clock {
  /** Wakes that were asked for and have not come. */
  readonly pending: number;
  /** When the next of them is due. */
  readonly nextWakeAt: number | undefined;
  /** Moves on by so many milliseconds, and wakes in the order of time; a wake asked for meanwhile is included. */
  advance(milliseconds: number): void;
  /** Like `advance`, to a point in time that is not in the past. */
  advanceTo(at: number): void;
  /** Like `advance`, but lets promises run before, between and after the wakes. Default: 0 milliseconds. */
  settle(milliseconds?: number): Promise<void>;
}

/** Starts at `start`, in milliseconds since 1970; by default at the beginning of 2026. */
export function fakeClock(start: number = Date.UTC(2026, 0, 1)): FakeClock {
  return new StandingClock(start);
}

interface Wake {
  readonly at: number;
  readonly callback: () => void;
}

/** More in one step than any test means: two callbacks keep asking for each other. */
const MOST_WAKES = 1_000_000;

class StandingClock implements FakeClock {
  #now: number;
  /** In the order in which they are due; those of the same time in the order in which they were asked for. */
  readonly #wakes: Wake[] = [];

  constructor(start: number) {
    this.#now = start;
  }

  get pending(): number {
    return this.#wakes.length;
  }

  get nextWakeAt(): number | undefined {
    return this.#wakes[0]?.at;
  }

  now(): number {
    return this.#now;
  }

  wakeAt(at: number, callback: () => void): () => void {
    const wake = { at, callback };
    const later = this.#wakes.findIndex((other) => other.at > at);
    this.#wakes.splice(later === -1 ? this.#wakes.length : later, 0, wake);
    return () => {
      const index = this.#wakes.indexOf(wake);
      if (index !== -1) this.#wakes.splice(index, 1);
    };
  }

  advance(milliseconds: number): void {
    this.advanceTo(this.#now + milliseconds);
  }

  advanceTo(at: number): void {
    this.#refusePast(at);
    for (let count = 0; this.#wakeOne(at); count += 1) refuseEndless(count);
    this.#now = at;
  }

  async settle(milliseconds = 0): Promise<void> {
    const at = this.#now + milliseconds;
    this.#refusePast(at);
    await afterPendingPromises();
    for (let count = 0; this.#wakeOne(at); count += 1) {
      refuseEndless(count);
      await afterPendingPromises();
    }
    // Something else may have moved the clock on meanwhile; it never goes back.
    this.#now = Math.max(this.#now, at);
  }

  #wakeOne(until: number): boolean {
    const next = this.#wakes[0];
    if (next === undefined || next.at > until) return false;
    this.#wakes.shift();
    this.#now = Math.max(this.#now, next.at);
    next.callback();
    return true;
  }

  #refusePast(at: number): void {
    if (!(at >= this.#now)) throw new RangeError(`The clock is at ${this.#now} and cannot go to ${at}`);
  }
}

function refuseEndless(count: number): void {
  if (count < MOST_WAKES) return;
  throw new Error(`The clock woke ${MOST_WAKES} times in one step: something asks for a wake each time it is woken`);
}
