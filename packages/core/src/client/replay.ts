/** Messages of a resumed session that came before anyone has declared the subscription they belong to. */
import type { Clock } from '@omqtt/contracts';
import type { Delivery } from '../session/index.ts';

/** After a resumption the server may send at once; the application needs a moment to subscribe. */
const HOLD_MS = 30_000;
const MOST_HELD = 1000;

/**
 * Holds them, unacknowledged. After the time they are let go, and still unacknowledged, so that the server keeps them
 * for the next connection.
 */
export class Replay {
  readonly #clock: Clock;
  #held: Delivery[] = [];
  #until = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get size(): number {
    return this.#held.length;
  }

  /** A connection has begun. */
  begin(isResumed: boolean): void {
    this.#held = [];
    this.#until = isResumed ? this.#clock.now() + HOLD_MS : 0;
  }

  get isHolding(): boolean {
    return this.#clock.now() < this.#until;
  }

  /** False when too many are held: then the connection has to end, so that none is lost. */
  hold(delivery: Delivery): boolean {
    if (this.#held.length >= MOST_HELD) return false;
    this.#held.push(delivery);
    return true;
  }

  /** Offers all again; those that still nobody wants stay. */
  drain(offer: (delivery: Delivery) => boolean): void {
    this.#held = this.#held.filter((delivery) => !offer(delivery));
  }
}
