/** The clock of the client's machine, which people and time servers set. */
import type { Timeline } from './timeline.ts';

const BEGINNING = 1_800_000_000_000;

export class WallClock {
  readonly #timeline: Timeline;
  #offset = BEGINNING;
  #latest = 0;
  /** When it was last set back, in milliseconds since the history began. */
  setBackAt = -Infinity;

  constructor(timeline: Timeline) {
    this.#timeline = timeline;
  }

  get now(): number {
    return this.#timeline.now + this.#offset;
  }

  /** The latest time that it has shown. */
  get latest(): number {
    return Math.max(this.#latest, this.now);
  }

  jump(milliseconds: number): void {
    this.#latest = this.latest;
    this.#offset += milliseconds;
    if (milliseconds < 0) this.setBackAt = this.#timeline.now;
  }
}
